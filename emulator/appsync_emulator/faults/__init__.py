"""What goes wrong on purpose: data and dice, carried out where it happens.

`lambdas/faulty.py` breaks functions, `realtime/faulty.py` deliveries,
`server/faulty.py` connections and the stand-in model.
"""

from appsync_emulator.faults.faults import Faults
from appsync_emulator.faults.kinds import (
    ANY,
    ConnectionFault,
    Fault,
    FunctionFault,
    ModelFault,
    SubscriptionFault,
)
from appsync_emulator.faults.spec import read_fault

__all__ = [
    "ANY",
    "ConnectionFault",
    "Fault",
    "Faults",
    "FunctionFault",
    "ModelFault",
    "SubscriptionFault",
    "read_fault",
]
