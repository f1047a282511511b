"""Many documents, lost answers, killed processes: is each made once?

`python -m tests.chaos --seed 1` runs it once; a test and `make bench` do so with several seeds.
"""
