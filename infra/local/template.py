"""A template says where things are by reference; here the references become the names and addresses of this machine."""

import base64
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from infra.local.assembly import Stack, output_name
from infra.local.refusal import Refused

_NOTHING = object()
_VARIABLE = re.compile(r"\$\{(!?)([^}]+)\}")


@dataclass(frozen=True)
class Address:
    """What `Ref` and `Fn::GetAtt` of one resource give."""

    ref: str
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Resolver:
    """Evaluates CloudFormation's functions in one stack. `built` grows while the stack is being built.

    exports: what stacks before this one export, and their outputs by `output_name`.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
    """

    stack: Stack
    pseudo: Mapping[str, str]
    exports: Mapping[str, str]
    built: Mapping[str, Address]

    def value(self, node: Any, where: str) -> Any:
        """The node with every function in it evaluated. Raises Refused naming stack, resource and property."""
        result = self._value(node, where)
        return None if result is _NOTHING else result

    def holds(self, condition: str, where: str) -> bool:
        """Whether a named condition of the template is met."""
        conditions = self.stack.template.get("Conditions", {})
        if condition not in conditions:
            raise Refused(where, f"no condition is called {condition}")
        return bool(self._value(conditions[condition], f"{self.stack.name}.Conditions.{condition}"))

    def _value(self, node: Any, where: str) -> Any:
        if isinstance(node, list):
            items = [self._value(item, f"{where}[{at}]") for at, item in enumerate(node)]
            return [item for item in items if item is not _NOTHING]
        if not isinstance(node, Mapping):
            return node
        if len(node) == 1:
            name, argument = next(iter(node.items()))
            if name == "Ref":
                return self._ref(str(argument), where)
            if name == "Condition" and isinstance(argument, str):
                return self.holds(argument, where)
            if name.startswith("Fn::"):
                return self._call(name, argument, where)
        pairs = [(key, self._value(child, f"{where}.{key}")) for key, child in node.items()]
        return {key: child for key, child in pairs if child is not _NOTHING}

    def _call(self, name: str, argument: Any, where: str) -> Any:
        function = _FUNCTIONS.get(name)
        if function is None:
            raise Refused(where, f"{name} is not understood here")
        try:
            return function(self, argument, where)
        except (TypeError, ValueError, IndexError, KeyError) as error:
            raise Refused(where, f"{name} cannot be evaluated: {error!r}") from error

    def _ref(self, name: str, where: str) -> Any:
        if name == "AWS::NoValue":
            return _NOTHING
        if name in self.pseudo:
            return self.pseudo[name]
        if name in self.built:
            return self.built[name].ref
        parameter = self.stack.template.get("Parameters", {}).get(name)
        if parameter is None:
            raise Refused(where, f"Ref {name} is neither a resource, a parameter nor a pseudo parameter")
        if "Default" not in parameter:
            raise Refused(where, f"parameter {name} has no default and nobody gave it a value")
        return parameter["Default"]

    def _attribute(self, name: str, attribute: str, where: str) -> str:
        if name not in self.built:
            raise Refused(where, f"Fn::GetAtt of {name}, which is no resource of this stack")
        attributes = self.built[name].attributes
        if attribute not in attributes:
            raise Refused(where, f"{name} has no attribute {attribute} here, only {sorted(attributes)}")
        return attributes[attribute]

    def get_att(self, argument: Any, where: str) -> str:
        name, attribute = argument.split(".", 1) if isinstance(argument, str) else argument
        return self._attribute(name, str(self._value(attribute, where)), where)

    def sub(self, argument: Any, where: str) -> str:
        text, given = (argument, {}) if isinstance(argument, str) else argument
        values = {name: self._value(value, where) for name, value in given.items()}

        def replaced(match: re.Match[str]) -> str:
            literal, name = match.groups()
            if literal:
                return f"${{{name}}}"
            if name in values:
                return str(values[name])
            if "." in name:
                return self.get_att(name, where)
            return str(self._ref(name, where))

        return _VARIABLE.sub(replaced, text)

    def join(self, argument: Any, where: str) -> str:
        separator, items = argument
        return str(separator).join(str(item) for item in self._value(items, where))

    def select(self, argument: Any, where: str) -> Any:
        index, items = argument
        return self._value(items, where)[int(self._value(index, where))]

    def split(self, argument: Any, where: str) -> list[str]:
        separator, text = argument
        return str(self._value(text, where)).split(separator)

    def import_value(self, argument: Any, where: str) -> str:
        name = str(self._value(argument, where))
        if name not in self.exports:
            raise Refused(where, f"no stack exports {name}")
        return self.exports[name]

    def get_stack_output(self, argument: Any, where: str) -> str:
        asked = self._value(argument, where)
        unknown = sorted(set(asked) - {"StackName", "OutputName", "Region"})
        if unknown:
            raise Refused(where, f"Fn::GetStackOutput.{unknown[0]} is not modelled here")
        if asked.get("Region", self.pseudo["AWS::Region"]) != self.pseudo["AWS::Region"]:
            raise Refused(where, f"another Region ({asked['Region']}) is not on this machine")
        name = output_name(str(asked["StackName"]), str(asked["OutputName"]))
        if name not in self.exports:
            raise Refused(where, f"stack {asked['StackName']} has no output {asked['OutputName']}")
        return self.exports[name]

    def choose(self, argument: Any, where: str) -> Any:
        condition, then, otherwise = argument
        return self._value(then if self.holds(condition, where) else otherwise, where)

    def find_in_map(self, argument: Any, where: str) -> Any:
        mapping, first, second = (self._value(part, where) for part in argument)
        return self.stack.template["Mappings"][mapping][first][second]

    def encode(self, argument: Any, where: str) -> str:
        return base64.b64encode(str(self._value(argument, where)).encode()).decode()

    def equals(self, argument: Any, where: str) -> bool:
        left, right = (self._value(side, where) for side in argument)
        return str(left) == str(right)

    def every(self, argument: Any, where: str) -> bool:
        return all(self._value(argument, where))

    def some(self, argument: Any, where: str) -> bool:
        return any(self._value(argument, where))

    def negate(self, argument: Any, where: str) -> bool:
        (only,) = self._value(argument, where)
        return not only


_FUNCTIONS: Mapping[str, Callable[[Resolver, Any, str], Any]] = {
    "Fn::GetAtt": Resolver.get_att,
    "Fn::Sub": Resolver.sub,
    "Fn::Join": Resolver.join,
    "Fn::Select": Resolver.select,
    "Fn::Split": Resolver.split,
    "Fn::ImportValue": Resolver.import_value,
    "Fn::GetStackOutput": Resolver.get_stack_output,
    "Fn::If": Resolver.choose,
    "Fn::FindInMap": Resolver.find_in_map,
    "Fn::Base64": Resolver.encode,
    "Fn::Equals": Resolver.equals,
    "Fn::And": Resolver.every,
    "Fn::Or": Resolver.some,
    "Fn::Not": Resolver.negate,
}
