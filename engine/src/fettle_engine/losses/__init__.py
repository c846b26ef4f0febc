"""Losses as functions of tensors: no models, no devices, no ranks."""
