"""Writes reference.jsonl, a line a function: values of scipy and statsmodels that the tests of src/stats are held to.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install scipy==1.17.1 statsmodels==0.15.0
    /tmp/venv/bin/python test/reference/stats/reference.py > test/reference/stats/reference.jsonl
"""

import json

import numpy
import statsmodels.api as sm
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

DFS = [0.5, 1, 1.5, 2, 2.7, 3, 4, 5.25, 7, 9, 12.5, 19, 29, 49.9, 99, 250, 999, 4321.5, 20000, 199999, 1e6]
TS = [0.001, 0.1, 0.5, 1, 1.7, 2.3, 4, 9.5, 40]
PS = [1e-9, 1e-5, 0.001, 0.025, 0.2, 0.45, 0.5, 0.6, 0.9, 0.95, 0.975, 0.995, 0.9999]
ZS = [0, 0.01, 0.5, 1, 1.96, 2.4999, 2.5, 3, 5, 8, 20]
SHARES = [(0, 1), (0, 20), (1, 20), (10, 20), (20, 20), (81, 263), (1, 200000), (3, 7)]

# Scores with the cluster that each belongs to, uneven on purpose; seeded, so that the file can be made again.
draw = numpy.random.default_rng(7)
CLUSTERED = [
    {"scores": [1, 1, 0, 0, 1, 1, 1, 0, 0, 0], "clusters": [0, 0, 0, 1, 1, 2, 2, 2, 3, 3]},
    {
        "scores": [round(float(x), 3) for x in draw.normal(7, 1.5, 24)],
        "clusters": [int(c) for c in draw.integers(0, 8, 24)],
    },
    {
        "scores": [round(1e6 + float(x), 3) for x in draw.normal(0, 1, 18)],
        "clusters": [int(c) for c in draw.integers(0, 5, 18)],
    },
]


def clustered(case):
    """Standard errors of a mean: a regression on a constant alone, with and without the small-sample factor."""
    scores, clusters = numpy.array(case["scores"], float), numpy.array(case["clusters"])
    model = sm.OLS(scores, numpy.ones(len(scores)))
    fits = {
        name: model.fit(cov_type="cluster", cov_kwds={"groups": clusters, "use_correction": corrected}, use_t=True)
        for name, corrected in (("plain", False), ("corrected", True))
    }
    # statsmodels' factor is G/(G-1) * (n-1)/(n-k); with k = 1 the second part is 1.
    low, high = fits["corrected"].conf_int(0.05)[0]
    return {
        **case,
        "mean": float(fits["plain"].params[0]),
        "plain": float(fits["plain"].bse[0]),
        "low": float(low),
        "high": float(high),
    }


def student(scores):
    mean, error = float(numpy.mean(scores)), float(stats.sem(scores))
    low, high = stats.t.interval(0.95, len(scores) - 1, loc=mean, scale=error)
    return {"scores": scores, "mean": mean, "sd": float(numpy.std(scores, ddof=1)), "low": float(low), "high": float(high)}


VALUES = {
    "studentTail": [[df, t, float(stats.t.sf(t, df))] for df in DFS for t in TS],
    "studentQuantile": [[df, p, float(stats.t.ppf(p, df))] for df in DFS for p in PS],
    "normalTail": [[z, float(stats.norm.sf(z))] for z in ZS],
    "normalQuantile": [[p, float(stats.norm.ppf(p))] for p in PS],
    "wilson": [[k, n, *map(float, proportion_confint(k, n, 0.05, "wilson"))] for k, n in SHARES],
    "clustered": [clustered(case) for case in CLUSTERED],
    "student": [student([7, 8, 6.5, 9, 7.25]), student([0.1, 0.2, 0.3])],
}
for name, cases in VALUES.items():
    print(json.dumps({"name": name, "cases": cases}))
