"""One step of the engine in PyTorch: the loss of src/engine/objective/objective.ts and its gradient by autograd.

Started by bench/torch-process.ts. Takes a JSON object as its only argument (`spec`, `weights`, `inputs`: paths;
`octaves`, `octaveBlur`, `padding`, `colourWeight`), then one request per line on stdin, one answer per line on stdout.
Ends with status 3 where PyTorch is not installed.
"""

import json
import struct
import sys
import time

try:
    import torch
    import torch.nn.functional as functional
except ImportError:
    sys.exit(3)

PAD_MODES = {"zero": "constant", "wrap": "circular", "reflect": "reflect"}


def read_safetensors(path):
    """Tensors of a file that holds nothing but float32."""
    with open(path, "rb") as file:
        (header_bytes,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(header_bytes))
        data = bytearray(file.read())
    tensors = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        if entry["dtype"] != "F32":
            raise ValueError(f"{name} is {entry['dtype']}")
        begin, end = entry["data_offsets"]
        values = torch.frombuffer(data, dtype=torch.float32, count=(end - begin) // 4, offset=begin)
        tensors[name] = values.reshape(entry["shape"]).clone()
    return tensors


class Step:
    """The network and the target in one memory layout."""

    def __init__(self, options, layout):
        with open(options["spec"], encoding="utf-8") as file:
            self.spec = json.load(file)
        self.layout = torch.channels_last if layout == "channels_last" else torch.contiguous_format
        self.pad_mode = PAD_MODES[options["padding"]]
        self.octaves = options["octaves"]
        self.colour_weight = options["colourWeight"]
        line = torch.tensor(options["octaveBlur"])
        self.blur = torch.outer(line, line).expand(3, 1, 3, 3).contiguous()
        self.inputs = read_safetensors(options["inputs"])
        self.weights = {
            name: tensor.contiguous(memory_format=self.layout) if tensor.ndim == 4 else tensor
            for name, tensor in read_safetensors(options["weights"]).items()
        }
        self.tap_weights = {tap["layer"]: tap["weight"] for tap in self.spec["taps"]}
        self.scale = torch.tensor(self.spec["input"]["scale"]).reshape(1, 3, 1, 1)
        self.offset = torch.tensor(self.spec["input"]["offset"]).reshape(1, 3, 1, 1)

    def gram(self, features):
        _, channels, height, width = features.shape
        if self.layout == torch.channels_last:
            flat = features.permute(0, 2, 3, 1).reshape(height * width, channels)
            return flat.t() @ flat / (height * width)
        flat = features.reshape(channels, height * width)
        return flat @ flat.t() / (height * width)

    def taps(self, picture):
        """The features of every tap, in the order of the spec's layers."""
        value = picture if self.spec["input"]["order"] == "rgb" else picture.flip(1)
        value = value * self.scale + self.offset
        found = {}
        layers = self.spec["layers"]
        for index, layer in enumerate(layers):
            if layer["kind"] == "conv":
                if layer["kernel"] == 3:
                    value = functional.pad(value, (1, 1, 1, 1), mode=self.pad_mode)
                name = layer["name"]
                value = functional.conv2d(value, self.weights[f"{name}.weight"], self.weights[f"{name}.bias"])
                tapped = name if name in self.tap_weights else None
                if tapped and not (index + 1 < len(layers) and layers[index + 1]["kind"] == "relu"):
                    found[tapped] = value
            elif layer["kind"] == "relu":
                value = functional.relu(value)
                if layers[index - 1].get("name") in self.tap_weights:
                    found[layers[index - 1]["name"]] = value
            elif layer["method"] == "average":
                value = functional.avg_pool2d(value, 2)
            else:
                value = functional.max_pool2d(value, 2)
            if len(found) == len(self.tap_weights):
                break
        return found

    def colour(self, picture):
        pixels = picture.reshape(3, -1)
        mean = pixels.mean(dim=1, keepdim=True)
        centred = pixels - mean
        covariance = centred @ centred.t() / pixels.shape[1]
        mean_scale, covariance_scale = self.inputs["colour_scales"]
        mean_error = (mean - self.inputs["mean"]).square().sum()
        covariance_error = (covariance - self.inputs["covariance"]).square().sum()
        return mean_error * mean_scale + covariance_error * covariance_scale

    def blurred(self, picture):
        """Blurred as the engine does before it halves an octave, the border repeated."""
        padded = functional.pad(picture, (1, 1, 1, 1), mode="replicate")
        return functional.conv2d(padded, self.blur, groups=3)

    def loss(self, picture):
        style = 0.0
        octave_picture = picture
        for octave in range(self.octaves):
            if octave > 0:
                octave_picture = functional.avg_pool2d(self.blurred(octave_picture), 2)
            found = self.taps(octave_picture)
            for tap, (layer, weight) in enumerate(self.tap_weights.items()):
                error = (self.gram(found[layer]) - self.inputs[f"gram_{octave}_{tap}"]).square().sum()
                style = style + weight * error * self.inputs["gram_scales"][octave * len(self.tap_weights) + tap]
        return style / (self.octaves * len(self.tap_weights)) + self.colour_weight * self.colour(picture)

    def __call__(self):
        """Loss and gradient, the gradient as the engine gives it: planar."""
        picture = self.inputs["picture"].contiguous(memory_format=self.layout).requires_grad_()
        loss = self.loss(picture)
        (gradient,) = torch.autograd.grad(loss, picture)
        return loss.item(), gradient.contiguous()


def main():
    options = json.loads(sys.argv[1])
    steps = {layout: Step(options, layout) for layout in ("nchw", "channels_last")}
    print(json.dumps({"version": torch.__version__}), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        step = steps[request["layout"]]
        torch.set_num_threads(request["threads"])
        times = []
        for _ in range(request["steps"]):
            begin = time.perf_counter()
            loss, gradient = step()
            times.append(1000 * (time.perf_counter() - begin))
        answer = {"milliseconds": times, "loss": loss, "gradientNorm": gradient.double().norm().item()}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
