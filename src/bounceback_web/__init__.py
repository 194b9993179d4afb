"""The web app: the engine's answers as pages, for one learner on one machine."""
