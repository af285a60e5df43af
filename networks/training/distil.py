"""Trains the pocket network to see what VGG19 conv1_1 to conv3_4 sees. See README.md."""

import argparse
import copy
import math
import time
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import load_file

from crops import Crops
from network import TAPS, Pocket, Teacher, gram, relative_distance
from seen import Heads, Replay, Scales, apply_heads, channels_last, concatenate
from stills import Stills

SIDE = 72
GRAM_FLOOR = 1e-3


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", required=True, help="folder of photos to learn from")
    parser.add_argument("--teacher", required=True, help="VGG19 conv1_1..conv3_4 as safetensors")
    parser.add_argument("--out", required=True, help="folder for checkpoint.pt and log.txt")
    parser.add_argument("--widths", type=int, nargs=8, default=[32, 16, 64, 48, 96, 80, 80, 128])
    parser.add_argument("--start", help="a network as safetensors to go on from")
    parser.add_argument("--steps", type=int, default=20000)
    parser.add_argument("--rate", type=float, default=3e-3)
    parser.add_argument("--warmup", type=int, default=300)
    parser.add_argument("--gram-weight", type=float, default=0.6)
    parser.add_argument("--canvases", type=int, default=260)
    parser.add_argument("--replay", type=int, default=700, help="crops kept with the teacher's features")
    parser.add_argument("--fresh", type=int, default=2, help="new crops per step")
    parser.add_argument("--crops", type=int, default=6, help="crops of the replay buffer per step")
    parser.add_argument("--stills", type=int, default=3, help="stills per step, each with its target")
    parser.add_argument("--teacher-stills", help="file of teacher_stills.py")
    parser.add_argument("--pairs", type=int, default=4, help="teacher's stills per step, with targets")
    parser.add_argument("--pool", type=int, default=24, help="stills at work")
    parser.add_argument("--average", type=float, default=0.999, help="decay of the weights' moving average")
    parser.add_argument("--still-steps", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--save-every", type=int, default=500, help="steps between checkpoints")
    return parser.parse_args()


def gram_term(student, teacher, a, b):
    """Per tap: how far the student's relative Gram distances between the pictures `a` and `b` are from the
    teacher's, in logs; beyond a factor e it counts linearly, so that new pairs do not swamp the rest."""
    terms = []
    for gs, gt in zip(student, teacher, strict=True):
        ds, dt = relative_distance(gs[a], gs[b]), relative_distance(gt[a], gt[b])
        terms.append(F.smooth_l1_loss((ds + GRAM_FLOOR).log(), (dt + GRAM_FLOOR).log()))
    return torch.stack(terms)


class Training:
    """Student, its average, the teacher and everything a step needs."""

    def __init__(self, options):
        self.options = options
        self.device = device = torch.device(options.device)
        self.checkpoint = Path(options.out) / "checkpoint.pt"
        self.student = Pocket(options.widths).to(device).to(memory_format=torch.channels_last)
        if options.start:
            self.student.load_tensors(load_file(options.start))
        self.average = copy.deepcopy(self.student).requires_grad_(False)
        self.optimiser = torch.optim.AdamW(
            self.student.parameters(), lr=options.rate, betas=(0.9, 0.99), weight_decay=1e-3
        )
        self.step, self.seconds = 0, 0.0
        if self.checkpoint.exists():
            self.resume()
        self.random = torch.Generator().manual_seed(options.seed + self.step)
        with torch.no_grad():
            self.prepare()

    def prepare(self):
        """Draws the canvases and lets the teacher look at the first crops."""
        options = self.options
        teacher = Teacher(options.teacher).to(self.device, torch.bfloat16)
        self.teacher = teacher.to(memory_format=torch.channels_last)
        crops = Crops(options.photos, options.canvases, SIDE, options.seed)
        sample = crops.batch(96, torch.Generator().manual_seed(options.seed)).to(self.device)
        self.scales = Scales(self.teacher(sample))
        self.heads = Heads(self.scales)
        self.replay = Replay(crops, self.teach, options.replay, self.random, self.device)
        self.stills = Stills(
            options.pool, SIDE, self.random, rate=0.03, steps=options.still_steps, device=self.device
        )
        self.load_pairs()
        targets = self.replay.some(options.pool)
        self.goals = self.replay.at(targets)
        for i, target in enumerate(targets.tolist()):
            self.stills.restart(i, self.replay.pictures[target])

    def teach(self, x):
        """The teacher's normalised features and its Gram matrices."""
        features = self.teacher(channels_last(x))
        return self.scales.normalise(features), [gram(f) for f in features]

    def see(self, x):
        """The student's features."""
        with torch.autocast(self.device.type, torch.bfloat16):
            return self.student(channels_last(x))

    def grow_stills(self):
        """Advances some of the stills, after a new start for those whose time is up; returns which."""
        stills = self.stills
        chosen = stills.choose(self.options.stills)
        for i in chosen[stills.age[chosen] >= stills.life[chosen]].tolist():
            target = int(self.replay.some(1))
            stills.restart(i, self.replay.pictures[target])
            features, grams = self.replay.at(target)
            for own, value in zip(self.goals[0] + self.goals[1], features + grams, strict=True):
                own[i] = value
        self.student.requires_grad_(False)
        stills.advance(self.see, chosen)
        self.student.requires_grad_(True)
        return chosen

    def load_pairs(self):
        """Reads the teacher's stills, of which there may be more than the last time."""
        path = self.options.teacher_stills
        self.pairs = torch.load(path) if path else None

    def some_pairs(self):
        """Targets of some of the teacher's stills, then these stills; mirrored or not, brighter or darker."""
        stored = self.pairs["pictures"]
        i = torch.randint(len(stored), (self.options.pairs,), generator=self.random)
        x = torch.stack([self.pairs["targets"][i], stored[i]]).float()
        mirror, gain = torch.rand(2, self.options.pairs, 1, 1, 1, generator=self.random)
        x = torch.where(mirror < 0.5, x.flip(-1), x) * (0.7 + 0.35 * gain)
        return x.clamp(0, 1).flatten(0, 1).to(self.device)

    def advance(self):
        """One step on fresh and known crops, stills and their targets; returns what the log reports."""
        options, stills = self.options, self.stills
        rate = rate_at(self.step, options)
        for group in self.optimiser.param_groups:
            group["lr"] = rate
        with torch.no_grad():
            fresh = self.replay.put(options.fresh, options.replay)
        chosen = self.grow_stills()
        known = torch.cat([fresh, self.replay.some(options.crops)])
        grown = stills.pictures[chosen]
        with torch.no_grad():
            goals = tuple([x[chosen] for x in part] for part in self.goals)
            pictures = [self.replay.pictures[known], stills.targets[chosen], grown]
            seen = [self.replay.at(known), goals, self.teach(grown)]
            if self.pairs:
                pair = self.some_pairs()
                pictures.append(pair)
                seen.append(self.teach(pair))
            wanted, wanted_grams = concatenate(*seen)
        taps = self.see(torch.cat(pictures))
        grams = [gram(f) for f in taps]
        predicted = apply_heads(self.heads.solve(taps, grams, wanted, wanted_grams), taps)
        normalised, raw = self.scales.residuals(predicted, wanted, wanted_grams)

        crop = torch.arange(len(known))
        target = len(known) + torch.arange(len(chosen))
        still = target + len(chosen)
        if self.pairs:
            pair = len(known) + 2 * len(chosen) + torch.arange(options.pairs)
            target, still = torch.cat([target, pair]), torch.cat([still, pair + options.pairs])
        stills_term = gram_term(grams, wanted_grams, target, still)
        others_term = gram_term(grams, wanted_grams, crop, crop.roll(1))
        loss = (normalised + raw).mean() / 2
        loss = loss + options.gram_weight * (stills_term + 0.5 * others_term).mean()
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(self.student.parameters(), 1.0)
        self.optimiser.step()
        self.step += 1
        follow(self.average, self.student, min(options.average, self.step / (self.step + 9)))
        return torch.cat([loss[None], norm[None], normalised, raw, stills_term, others_term]).detach()

    def save(self):
        state = {
            "step": self.step,
            "seconds": self.seconds,
            "widths": self.options.widths,
            "student": self.student.state_dict(),
            "average": self.average.state_dict(),
            "optimiser": self.optimiser.state_dict(),
        }
        partial = self.checkpoint.with_suffix(".part")
        torch.save(state, partial)
        partial.replace(self.checkpoint)

    def resume(self):
        saved = torch.load(self.checkpoint, map_location=self.device)
        self.step, self.seconds = saved["step"], saved["seconds"]
        for name in ("student", "average", "optimiser"):
            getattr(self, name).load_state_dict(saved[name])


def main():
    options = arguments()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    out = Path(options.out)
    out.mkdir(parents=True, exist_ok=True)
    training = Training(options)
    with (out / "log.txt").open("a", buffering=1) as log:
        log.write(f"{vars(options)}\n")
        began = time.monotonic() - training.seconds
        tally = 0
        while training.step < options.steps:
            tally = tally + training.advance()
            training.seconds = time.monotonic() - began
            if training.step % 100 == 0:
                rate = rate_at(training.step, options)
                log.write(report(training.step, training.seconds, rate, tally / 100))
                tally = 0
            if training.step % options.save_every == 0 or training.step == options.steps:
                training.save()
                training.load_pairs()


def rate_at(step, options):
    """Linear warm-up, then a cosine down to 0.3 % of the rate."""
    fall = 0.5 + 0.5 * math.cos(math.pi * step / options.steps)
    return options.rate * min(1, (step + 1) / options.warmup) * max(fall, 0.003)


@torch.no_grad()
def follow(average, student, decay):
    torch._foreach_lerp_(list(average.parameters()), list(student.parameters()), 1 - decay)


def report(step, seconds, rate, row):
    """One line: loss and gradient norm, then four taps each of: normalised and raw residual, Gram term of the
    stills and of other pairs."""
    loss, norm, *rest = row.tolist()
    starts = range(0, len(rest), len(TAPS))
    groups = [" ".join(f"{v:.3f}" for v in rest[i : i + len(TAPS)]) for i in starts]
    return f"{step} {seconds:.0f}s rate {rate:.1e} loss {loss:.4f} norm {norm:.2f} | {' | '.join(groups)}\n"


if __name__ == "__main__":
    main()
