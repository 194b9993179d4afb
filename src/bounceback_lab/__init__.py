"""Simulation and calibration: what judges the model. The product never imports it."""
