"""The pseudo parameters of a stack (CloudFormation user guide)."""

from collections.abc import Callable
from dataclasses import dataclass

from appsync_emulator.config.ids import stable_uuid
from appsync_emulator.types import JSON


@dataclass(frozen=True, slots=True)
class Pseudo:
    """Where a stack is deployed; the source of every ARN.

    Attributes:
        stack_name: unique among the stacks of one application.
    """

    stack_name: str
    region: str
    account_id: str

    @property
    def partition(self) -> str:
        """`aws`, or the partition of the regions in China and of GovCloud."""
        if self.region.startswith("cn-"):
            return "aws-cn"
        return "aws-us-gov" if self.region.startswith("us-gov-") else "aws"

    @property
    def url_suffix(self) -> str:
        """The domain of the partition."""
        return "amazonaws.com.cn" if self.partition == "aws-cn" else "amazonaws.com"

    @property
    def stack_id(self) -> str:
        """The stack's ARN."""
        name = self.stack_name
        uuid = stable_uuid(name, self.region, self.account_id)
        return self.arn("cloudformation", f"stack/{name}/{uuid}")

    def arn(
        self,
        service: str,
        resource: str,
        *,
        region: bool = True,
        account: bool = True,
    ) -> str:
        """Give an ARN; `region` and `account` say which parts it has."""
        place = self.region if region else ""
        owner = self.account_id if account else ""
        return f"arn:{self.partition}:{service}:{place}:{owner}:{resource}"


PSEUDO_PARAMETERS: dict[str, Callable[[Pseudo], JSON]] = {
    "AWS::AccountId": lambda pseudo: pseudo.account_id,
    "AWS::NotificationARNs": lambda _: [],
    "AWS::Partition": lambda pseudo: pseudo.partition,
    "AWS::Region": lambda pseudo: pseudo.region,
    "AWS::StackId": lambda pseudo: pseudo.stack_id,
    "AWS::StackName": lambda pseudo: pseudo.stack_name,
    "AWS::URLSuffix": lambda pseudo: pseudo.url_suffix,
}
"""All but `AWS::NoValue`, which is no value but the absence of one."""
