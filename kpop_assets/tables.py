"""The type of the tables between assets, named without loading pandas while definitions load."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pandas import DataFrame as Table
else:
    Table = Any

__all__ = ["Table"]
