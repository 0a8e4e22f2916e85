"""Ours against a peer: the same inputs, the same verdicts, batches in turn."""

import dataclasses
import statistics

from driver.workers import Refused, Unavailable, kind_of

# Peers that judge nothing but the signature: they are not asked about `claim_checks`.
SIGNATURE_ALONE = {"openssl-reused", "openssl-naive"}


@dataclasses.dataclass(frozen=True)
class Effort:
    batch_ns: int  # what a batch should take
    pairs: int
    pairs_min: int  # of somebody so slow that his batches would take more than budget_ns
    budget_ns: int


FULL = Effort(batch_ns=5_000_000, pairs=60, pairs_min=6, budget_ns=20_000_000_000)
QUICK = Effort(batch_ns=500_000, pairs=6, pairs_min=2, budget_ns=500_000_000)


class Disagreement(Exception):
    """Two contestants do not judge an input alike, so their times mean nothing."""


class Contestant:
    def __init__(self, name, worker, case):
        self.name, self.worker, self.operation, self.inputs = name, worker, case["operation"], case["inputs"]
        self.task = worker.prepare(name, self.operation, case["inputs"])
        _, self.accepted = self.task.run(1)
        self.batches = []  # nanoseconds per input
        self.spent_ns = 0  # in them
        self.rounds = 1

    def judge(self, name):
        """(whether it is accepted, what is found in it where that can be told)"""
        if self.inputs == [name]:
            return self.accepted == self.task.size, self.task.facts
        task = self.worker.prepare(self.name, self.operation, [name])
        _, accepted = task.run(1)
        return accepted == task.size, task.facts

    def has_done(self, pairs, effort):
        return pairs >= effort.pairs_min and self.spent_ns > effort.budget_ns

    def calibrate(self, batch_ns):
        """Rounds that fill a batch; the rounds run on the way warm up."""
        elapsed = 0
        while elapsed < batch_ns / 4:
            elapsed, _ = self.task.run(self.rounds)
            if elapsed < batch_ns / 4:
                self.rounds *= 2
        self.rounds = max(1, round(self.rounds * batch_ns / elapsed))

    def run_batch(self):
        elapsed, accepted = self.task.run(self.rounds)
        if accepted != self.accepted * self.rounds:
            raise Disagreement(f"{self.name} changed its verdict while it was timed")
        self.spent_ns += elapsed
        self.batches.append(elapsed / (self.rounds * self.task.size))


def check_verdicts(ours, peer, names):
    verdicts = {True: "accepts", False: "rejects"}
    for name in names:
        (we_accept, our_facts), (they_accept, their_facts) = ours.judge(name), peer.judge(name)
        if we_accept != they_accept:
            raise Disagreement(f"{ours.name} {verdicts[we_accept]} {name}, {peer.name} {verdicts[they_accept]} it")
        if our_facts and their_facts and our_facts != their_facts:
            ours_found, theirs_found = first_difference(our_facts, their_facts)
            raise Disagreement(f"{ours.name} finds in {name}: {ours_found}, {peer.name}: {theirs_found}")


def first_difference(our_facts, their_facts):
    """The lines themselves, or where there are many inputs the first that differs and its number, from 1."""
    for number, pair in enumerate(zip(our_facts, their_facts), start=1):
        if len(our_facts) > 1 and pair[0] != pair[1]:
            return f"{pair[0]} (line {number})", pair[1]
    return "; ".join(our_facts), "; ".join(their_facts)


def time_in_turn(contestants, effort):
    """A B C, C B A, A B C, ...: whatever drifts on the machine drifts for all. Who is slow beyond measure stops early;
    his batches are then set against as many of ours."""
    for contestant in contestants:
        contestant.calibrate(effort.batch_ns)
    for pair in range(effort.pairs):
        for contestant in contestants if pair % 2 == 0 else reversed(contestants):
            if not contestant.has_done(pair, effort):
                contestant.run_batch()


@dataclasses.dataclass
class Row:
    case: str
    peer: str
    ours_ns: float = None  # median of the batches, per input
    peer_ns: float = None
    ratio: float = None  # median over the pairs of batches
    ours_min_ns: float = None
    peer_min_ns: float = None
    ratio_quartiles: tuple = None
    bytes: float = None  # per input, where time goes with the bytes
    trouble: str = None
    missing: bool = False

    def as_json(self):
        return {
            "case": self.case,
            "ours_ns": self.ours_ns,
            "peer": self.peer,
            "peer_ns": self.peer_ns,
            "ratio": self.ratio,
        }


def result(case, ours, peer):
    ratios = [a / b for a, b in zip(ours.batches, peer.batches)]
    low, middle, high = statistics.quantiles(ratios, n=4)
    return Row(
        case=case["case"],
        peer=peer.name,
        ours_ns=round(statistics.median(ours.batches), 2),
        peer_ns=round(statistics.median(peer.batches), 2),
        ratio=float(f"{middle:.4g}"),
        ours_min_ns=min(ours.batches),
        peer_min_ns=min(peer.batches),
        ratio_quartiles=(low, high),
        bytes=ours.task.bytes / ours.task.size if case["operation"] == "inspect_bytes" else None,
    )


def enter_peer(case, name, ours, workers):
    """The peer, ready and found to judge as we do."""
    peer = Contestant(name, workers.get(kind_of(name)), case)
    claim_checks = [] if name in SIGNATURE_ALONE else case.get("claim_checks", [])
    check_verdicts(ours, peer, case["inputs"] + case.get("checks", []) + claim_checks)
    return peer


def not_held(case, why):
    """The rows of a case whose inputs cannot be had."""
    return [Row(case["case"], peer, trouble=why, missing=True) for peer in case["peers"]]


def hold(case, workers, effort):
    """The rows of one case, one for each of its peers, in their order."""
    try:
        ours = Contestant(case.get("contestant", "ours"), workers.get(case["ours"]), case)
    except (Unavailable, Refused) as error:
        missing = isinstance(error, Unavailable)
        return [Row(case["case"], peer, trouble=f"ours: {error}", missing=missing) for peer in case["peers"]]
    peers, rows = [], {}
    for name in case["peers"]:
        try:
            peers.append(enter_peer(case, name, ours, workers))
        except Unavailable as error:
            rows[name] = Row(case["case"], name, trouble=f"cannot be had: {error}", missing=True)
        except (Disagreement, Refused) as error:
            rows[name] = Row(case["case"], name, trouble=str(error))
    if peers:
        try:
            time_in_turn([ours, *peers], effort)
            rows.update({peer.name: result(case, ours, peer) for peer in peers})
        except (Disagreement, Refused, Unavailable) as error:
            rows.update({peer.name: Row(case["case"], peer.name, trouble=str(error)) for peer in peers})
    return [rows[name] for name in case["peers"]]
