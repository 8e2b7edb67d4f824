"""The embedded world: trips to plan, to the minute, in a country made from a seed."""

from hitl_app.environments.travel.provision import TravelProvider

provider = TravelProvider()

__all__ = ["TravelProvider", "provider"]
