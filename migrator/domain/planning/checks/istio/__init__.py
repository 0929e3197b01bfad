"""Checks of Istio's configuration: which resource reaches which side."""
