"""The student's weights as they are learnt: for inputs that are centred and whitened.

Features behind a ReLU have large means and strong correlations. A step of Adam, which moves every weight by about as
much, then moves outputs along the means by far more than in any other direction, and destroys in a few dozen steps
what was learnt before. So what is learnt is V in W = V T, with T = (covariance + ridge)^(-1/2) of a layer's inputs and
the bias at their mean (as in "Natural Neural Networks", Desjardins et al., 2015).
"""

import torch
import torch.nn.functional as F

from network import POOL_BEHIND

RIDGE = 1e-2


class Whitened:
    """Owns the parameters; writes the plain weights into the student after every step."""

    @torch.no_grad()
    def __init__(self, student, pictures):
        """@param pictures N x 3 x H x W, RGB from 0 to 1: the statistics come from them"""
        self.student = student
        self.layers = {}
        x = (pictures - 0.45) * 4
        for name, conv in student.convs.items():
            mean = x.mean((0, 2, 3))
            rows = (x - mean[:, None, None]).permute(1, 0, 2, 3).flatten(1)
            covariance = rows @ rows.T / rows.shape[1]
            level = RIDGE * covariance.diagonal().mean()
            strengths, vectors = torch.linalg.eigh(covariance + level * torch.eye(len(mean)))
            transform = (vectors * strengths.rsqrt()) @ vectors.T
            back = (vectors * strengths.sqrt()) @ vectors.T
            weight = conv.weight.data.float()
            value = torch.einsum("ochw,cd->odhw", weight, back).requires_grad_(True)
            bias = (conv.bias.data + torch.einsum("ochw,c->o", weight, mean)).requires_grad_(True)
            self.layers[name] = (transform, mean, value, bias)
            x = F.relu(conv(F.pad(x, (1, 1, 1, 1), mode="reflect")))
            if name in POOL_BEHIND:
                x = F.avg_pool2d(x, 2)

    def parameters(self, fourth):
        """Those of the fourth block, or those of the blocks below."""
        chosen = [layer for name, layer in self.layers.items() if name.startswith("conv4") == fourth]
        return [p for _, _, value, bias in chosen for p in (value, bias)]

    def plain(self):
        """Name, weights and bias of each layer, through which gradients flow."""
        plain = []
        for name, (transform, mean, value, bias) in self.layers.items():
            weight = torch.einsum("odhw,dc->ochw", value, transform)
            plain.append((name, weight, bias - torch.einsum("ochw,c->o", weight, mean)))
        return plain

    def taps(self, x, plain):
        """The student's features by these weights."""
        weights = {f"convs.{name}.weight": weight for name, weight, _ in plain}
        biases = {f"convs.{name}.bias": bias for name, _, bias in plain}
        return torch.func.functional_call(self.student, weights | biases, (x,))

    @torch.no_grad()
    def write(self, fourth_only):
        """Layers that do not move are left alone: on the way there and back they would be rounded."""
        for name, weight, bias in self.plain():
            if fourth_only and not name.startswith("conv4"):
                continue
            self.student.convs[name].weight.copy_(weight)
            self.student.convs[name].bias.copy_(bias)
