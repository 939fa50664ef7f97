"""The course's own machinery: exercises, experiments, figures, benchmarks, claims, the site."""
