"""How fast Referee decides, beside its peers, in one run on one machine."""
