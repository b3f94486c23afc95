"""The replica: a small web server that stands in for the ministry's hosts, with the truth about every article."""

from tests.replica.client import Replica, ReplicaError
from tests.replica.truth import Dated, TrueFile, TrueListing, TrueNumber, TruePlace, Truth

__all__ = ["Dated", "Replica", "ReplicaError", "TrueFile", "TrueListing", "TrueNumber", "TruePlace", "Truth"]
