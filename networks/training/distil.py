"""Trains the pocket network to see what its teachers see. See README.md."""

import argparse
import copy
import math
import time
from pathlib import Path

import torch
from safetensors.torch import load_file

from crops import Crops
from bank import Bank, Heads, Panel, fit, gram_terms, joined, residuals
from gradients import band_masks, disagreement, teachers_directions
from network import Pocket, channels_last
from stills import WEIGHTS, Stills
from teachers import Inception, SmallVgg19, Vgg19
from whitened import Whitened

SIDE = 96


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", nargs="+", required=True, help="folders of photos to learn from")
    parser.add_argument("--vgg19", required=True, help="VGG19 conv1_1..conv3_4 as safetensors")
    parser.add_argument("--small", required=True, help="the 16-times smaller VGG19 as safetensors")
    parser.add_argument("--inception", required=True, help="Inception-v3 up to mixed_4 as safetensors")
    parser.add_argument("--start", required=True, help="a network as safetensors to go on from, such as first_block.py's")
    parser.add_argument("--out", required=True, help="folder for checkpoint.pt and log.txt")
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--rate", type=float, default=5e-4)
    parser.add_argument("--warmup", type=int, default=30)
    parser.add_argument("--gram-weight", type=float, default=0.5)
    parser.add_argument("--directions", type=int, default=5, help="own stills per step whose gradients are compared")
    parser.add_argument("--least-age", type=int, default=5, help="growths behind a still before its gradient counts")
    parser.add_argument("--others", type=float, default=0.0, help="rate of the blocks below, of the fourth's")
    parser.add_argument("--direction-weight", type=float, default=2.0)
    parser.add_argument("--canvases", type=int, default=320)
    parser.add_argument("--bank", type=int, default=200, help="crops that are kept")
    parser.add_argument("--fresh", type=int, default=1, help="new crops per step")
    parser.add_argument("--crops", type=int, default=5, help="crops per step")
    parser.add_argument("--pairs", type=int, default=3, help="own stills per step, each with its target")
    parser.add_argument("--relatives", type=int, default=240, help="pairs of crops from one source that are kept")
    parser.add_argument("--relative-pairs", type=int, default=2, help="of these per step")
    parser.add_argument("--pool", type=int, default=24, help="own stills at work")
    parser.add_argument("--grow", type=int, default=6, help="stills that grow at a time")
    parser.add_argument("--grow-every", type=int, default=3, help="steps between two growths")
    parser.add_argument("--still-bank", type=int, default=100, help="own stills that are kept, at any age")
    parser.add_argument("--average", type=float, default=0.985, help="decay of the weights' moving average")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--save-every", type=int, default=100, help="steps between checkpoints")
    return parser.parse_args()


class Training:
    """Student, its average, the teachers and everything a step needs."""

    def __init__(self, options):
        self.options = options
        self.checkpoint = Path(options.out) / "checkpoint.pt"
        self.student = Pocket().to(memory_format=torch.channels_last).requires_grad_(False)
        self.student.load_tensors(load_file(options.start))
        self.average = copy.deepcopy(self.student)
        self.step, self.seconds = 0, 0.0
        if self.checkpoint.exists():
            self.resume()
        self.random = torch.Generator().manual_seed(options.seed + self.step)
        with torch.no_grad():
            self.prepare()

    def prepare(self):
        """Draws the canvases and lets everybody look at the first crops."""
        options = self.options
        teachers = [Vgg19(options.vgg19), SmallVgg19(options.small), Inception(options.inception)]
        teachers = [t.to(torch.bfloat16).to(memory_format=torch.channels_last) for t in teachers]
        self.crops = Crops(options.photos, options.canvases, SIDE, options.seed)
        self.panel = Panel(teachers, self.crops.batch(128, torch.Generator().manual_seed(options.seed)))
        self.heads = Heads(self.panel.sights)
        self.bank = Bank(options.bank, self.panel)
        for _ in range(0, options.bank, 24):
            self.bank.put(self.crops.batch(24, self.random))
        # Before a pause the whitening was another one, and so were the moments: both begin anew.
        self.weights = Whitened(self.student, self.bank.pictures(torch.arange(min(100, self.bank.count))))
        fourth, others = self.weights.parameters(True), self.weights.parameters(False)
        groups = [{"params": fourth, "share": 1.0}]
        if options.others > 0:
            groups.append({"params": others, "share": options.others})
        else:
            for parameter in others:
                parameter.requires_grad_(False)
        self.moving = [parameter for group in groups for parameter in group["params"]]
        self.optimiser = torch.optim.Adam(groups, lr=options.rate, betas=(0.9, 0.99))
        self.stills = Stills(options.pool, SIDE, self.random, rate=0.03, steps=4, device=torch.device("cpu"))
        # Targets at even places, stills behind them.
        self.grown = Bank(2 * options.still_bank, self.panel)
        for i in range(options.pool):
            self.restart(i)
        self.masks = band_masks(SIDE)
        self.ways = None
        # Relatives: what varies within one texture.
        self.relatives = Bank(2 * options.relatives, self.panel)
        for _ in range(0, options.relatives, 12):
            self.relatives.put(torch.stack(self.crops.siblings(12, self.random), 1).flatten(0, 1))

    def restart(self, i):
        target = self.bank.some(1, self.random)
        self.stills.restart(i, self.bank.pictures(target)[0])

    def see(self, x):
        """The student's features."""
        with torch.autocast("cpu", torch.bfloat16):
            return self.student(channels_last(x))

    def grow_stills(self):
        """Advances some of the stills, after a new start for those whose time is up, and keeps them."""
        stills = self.stills
        chosen = stills.choose(self.options.grow)
        for i in chosen[stills.age[chosen] >= stills.life[chosen]].tolist():
            self.restart(i)
        stills.advance(self.see, chosen)
        pairs = torch.stack([stills.targets[chosen], stills.pictures[chosen]], 1).flatten(0, 1)
        at = self.grown.put(pairs)
        targets, pictures = stills.targets[chosen], stills.pictures[chosen]
        with torch.enable_grad():
            ways = teachers_directions(self.panel.teachers, pictures, targets, self.masks).to(torch.bfloat16)
        if self.ways is None:
            self.ways = ways.new_zeros(self.options.still_bank, *ways.shape[1:])
            self.ages = torch.zeros(self.options.still_bank, dtype=torch.long)
        self.ways[at[1::2] // 2] = ways
        self.ages[at[1::2] // 2] = stills.age[chosen]

    def some_pairs(self, bank, count):
        even = 2 * torch.randint(bank.count // 2, (count,), generator=self.random)
        return bank.at(torch.cat([even, even + 1]))

    def advance(self):
        """One step; returns what the log reports."""
        options, sights = self.options, self.panel.sights
        rate = rate_at(self.step, options)
        for group in self.optimiser.param_groups:
            group["lr"] = rate * group["share"]
        if self.step % options.grow_every == 0 or self.grown.count == 0:
            self.grow_stills()
        if options.fresh > 0 and self.step % 4 == 0:
            self.bank.put(self.crops.batch(4 * options.fresh, self.random))
        parts = [self.bank.at(self.bank.some(options.crops, self.random))]
        parts.append(self.some_pairs(self.grown, options.pairs))
        parts.append(self.some_pairs(self.relatives, options.relative_pairs))
        inputs, wanted, grams = joined(*parts)
        plain = self.weights.plain()
        with torch.autocast("cpu", torch.bfloat16):
            taps = self.weights.taps(channels_last(inputs), plain)
        features = fit(taps, sights, wanted)
        residual = residuals(self.heads.solve(features, wanted), features, wanted)
        targets, stills, start = [], [], options.crops
        for count in (options.pairs, options.relative_pairs):
            targets.append(start + torch.arange(count))
            stills.append(start + count + torch.arange(count))
            start += 2 * count
        crop = torch.arange(options.crops)
        still_terms = [gram_terms(taps, sights, grams, a, b) for a, b in zip(targets, stills, strict=True)]
        other_terms = gram_terms(taps, sights, grams, crop, crop.roll(1))
        loss = residual.mean() + options.gram_weight * (sum(still_terms) / len(still_terms) + 0.5 * other_terms).mean()
        apart, cosines = self.disagreement(plain)
        loss = loss + options.direction_weight * apart
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(self.moving, 10.0)
        self.optimiser.step()
        self.weights.write(fourth_only=options.others == 0)
        self.step += 1
        follow(self.average, self.student, min(options.average, self.step / (self.step + 9)))
        return torch.cat([loss[None], norm[None], residual, *still_terms, other_terms, cosines]).detach()

    def disagreement(self, plain):
        """On own stills that are no longer young: early on every network says the same."""
        options = self.options
        usable = torch.nonzero(self.ages >= options.least_age).flatten()
        if len(usable) < options.directions:
            return torch.zeros(()), torch.zeros(len(self.masks))
        which = usable[torch.randint(len(usable), (options.directions,), generator=self.random)]
        stills, targets = self.grown.pictures(2 * which + 1), self.grown.pictures(2 * which)

        def see(x):
            return self.weights.taps(x, plain)

        return disagreement(see, WEIGHTS, stills, targets, self.ways[which].float(), self.masks)

    def report(self, row):
        """One line: loss and gradient norm; each sight's residual; the Gram terms of own stills, of relatives and of
        other pairs, for each of the four taps that have sights; the cosine to the teachers' directions in each band."""
        loss, norm, *rest = row.tolist()
        sights = len(self.panel.sights)
        bands = len(self.masks)
        terms = rest[sights:-bands]
        groups = [rest[:sights], *(terms[i : i + 4] for i in range(0, len(terms), 4)), rest[-bands:]]
        text = " | ".join(" ".join(f"{v:.3f}" for v in group) for group in groups)
        rate = rate_at(self.step, self.options)
        return f"{self.step} {self.seconds:.0f}s rate {rate:.1e} loss {loss:.4f} norm {norm:.2f} | {text}\n"

    def save(self):
        state = {
            "step": self.step,
            "seconds": self.seconds,
            "widths": self.student.widths,
            "student": self.student.state_dict(),
            "average": self.average.state_dict(),
        }
        partial = self.checkpoint.with_suffix(".part")
        torch.save(state, partial)
        partial.replace(self.checkpoint)

    def resume(self):
        saved = torch.load(self.checkpoint)
        self.step, self.seconds = saved["step"], saved["seconds"]
        for name in ("student", "average"):
            getattr(self, name).load_state_dict(saved[name])


def main():
    options = arguments()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    out = Path(options.out)
    out.mkdir(parents=True, exist_ok=True)
    training = Training(options)
    with (out / "log.txt").open("a", buffering=1) as log:
        log.write(f"{vars(options)}\n{[sight.name for sight in training.panel.sights]}\n")
        began = time.monotonic() - training.seconds
        tally = []
        while training.step < options.steps:
            tally.append(training.advance())
            training.seconds = time.monotonic() - began
            if training.step % 50 == 0:
                log.write(training.report(torch.stack(tally).mean(0)))
                tally = []
            if training.step % options.save_every == 0 or training.step == options.steps:
                training.save()


def rate_at(step, options):
    """Linear warm-up, then a cosine down to 0.3 % of the rate."""
    fall = 0.5 + 0.5 * math.cos(math.pi * step / options.steps)
    return options.rate * min(1, (step + 1) / options.warmup) * max(fall, 0.003)


@torch.no_grad()
def follow(average, student, decay):
    torch._foreach_lerp_(list(average.parameters()), list(student.parameters()), 1 - decay)


if __name__ == "__main__":
    main()
