"""Models: what is asked of them, what they answer, and what a call cost."""

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from hitl_app.domain.errors import UserError
from hitl_app.domain.jsontypes import Json, JsonObject, content_hash
from hitl_app.domain.task import ToolSpec


class ModelError(UserError):
    """A model cannot be asked, or what it answered cannot be used."""


class ModelUnavailableError(ModelError):
    """The server cannot be reached, refuses the key, does not know the model, or stays busy after all retries."""


class AnswerError(ModelError):
    """The answer does not have the form that was asked for, even after the model was shown what is wrong with it."""


class NotOnRecordError(ModelError):
    """The run may only use recorded answers, and there is none for this request."""


class Purpose(StrEnum):
    """Which stage asks."""

    PLAN = "plan"
    REPLAN = "replan"
    GROUND = "ground"
    ACT = "act"
    CRITIQUE = "critique"
    EVOLVE = "evolve"
    VERIFY = "verify"
    JUDGE = "judge"
    USER = "user"
    FEEDBACK = "feedback"
    REFLECT = "reflect"
    EXPAND = "expand"
    CLASSIFY = "classify"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A call that a model makes; `id` is the server's name for it."""

    name: str
    arguments: JsonObject
    id: str = ""


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """One message of a conversation with a model.

    Attributes:
        role: `system`, `user`, `assistant` or `tool`.
        calls: Tool calls of an assistant.
        call_id: The call that a tool's message answers.
    """

    role: str
    text: str = ""
    calls: tuple[ToolCall, ...] = ()
    call_id: str = ""

    def to_json(self) -> JsonObject:
        """The message as the record keeps it."""
        calls = [{"id": call.id, "name": call.name, "arguments": call.arguments} for call in self.calls]
        return {
            "role": self.role,
            "text": self.text,
            **({"calls": calls} if calls else {}),
            **({"call_id": self.call_id} if self.call_id else {}),
        }


@dataclass(frozen=True, slots=True)
class Sampling:
    """How an answer is drawn.

    Attributes:
        max_tokens: Ceiling of completion tokens.
        seed: Passed to servers that know it.
    """

    temperature: float = 0.0
    max_tokens: int = 4096
    seed: int | None = None


@dataclass(frozen=True)
class ModelRequest:
    """One question to a model.

    Attributes:
        prompt: Name, version and digest of the prompt it was rendered from, such as `evolve/1-3f2a90c1`.
        tools: Tools that the model may call in its answer.
        schema: JSON Schema that the answer must fit; None asks for free text or tool calls.
        sample: Number among requests that are equal otherwise: several samples are several answers.
    """

    purpose: Purpose
    messages: tuple[ChatMessage, ...]
    prompt: str = ""
    tools: tuple[ToolSpec, ...] = ()
    schema: JsonObject | None = None
    sampling: Sampling = Sampling()
    sample: int = 0


@dataclass(frozen=True, slots=True)
class Usage:
    """What calls consumed.

    Attributes:
        measured: The server counted all of the tokens; False where some were estimated.
        usd: Price in US dollars; None where a price is not known.
    """

    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    measured: bool = True
    usd: float | None = 0.0

    @property
    def tokens(self) -> int:
        """Prompt and completion tokens together."""
        return self.tokens_in + self.tokens_out

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(
            self.calls + other.calls,
            self.tokens_in + other.tokens_in,
            self.tokens_out + other.tokens_out,
            self.measured and other.measured,
            None if self.usd is None or other.usd is None else self.usd + other.usd,
        )


@dataclass(frozen=True)
class ModelAnswer:
    """What a model answered, after as many calls as that took.

    Attributes:
        value: The parsed value where the request had a schema.
        finish: Why the model stopped, in the server's word, such as `stop` or `length`.
    """

    text: str
    calls: tuple[ToolCall, ...] = ()
    value: Json = None
    usage: Usage = Usage()
    finish: str = "stop"


@dataclass(frozen=True)
class ModelCall:
    """The record of one call: what was sent, what came back, and what it cost.

    Attributes:
        model: Name of the model as it was asked for.
        messages: As sent.
        parameters: Everything else that may change the answer: sampling, tools, schema, the number of the sample.
        answer: The raw answer: `{"text", "calls", "finish"}`; empty where the call failed.
        usage: Of this call alone.
        seconds: From the first byte sent to the last received, retries included.
        attempts: Requests that were sent, retries included. One that was lost on the way and may have cost tokens is a
            call of its own.
        error: Why it failed; empty where it did not.
        endpoint: Base URL that was asked.
        answering: How a structured answer was asked for; not part of the key, so that a recorded answer is found
            wherever it came from.
        started_at: ISO 8601 in UTC.
    """

    purpose: str
    prompt: str
    model: str
    messages: tuple[ChatMessage, ...]
    parameters: JsonObject
    answer: JsonObject
    usage: Usage
    seconds: float = 0.0
    attempts: int = 1
    error: str = ""
    endpoint: str = ""
    answering: str = ""
    started_at: str = ""

    @cached_property
    def key(self) -> str:
        """Content hash of what was asked: equal keys, equal questions. The endpoint does not count."""
        return request_key(self.model, self.messages, self.parameters)


def request_key(model: str, messages: tuple[ChatMessage, ...], parameters: JsonObject) -> str:
    """Content hash of a question: the key under which its answer is found again."""
    return content_hash([model, [message.to_json() for message in messages], parameters])


class Answering(StrEnum):
    """How a server is made to answer in JSON, best first."""

    SCHEMA = "json_schema"
    TOOL = "tool_call"
    TEXT = "text"


@dataclass(frozen=True)
class Capabilities:
    """What a server was found to be able to do; None where it was not asked.

    Attributes:
        models: Names that it lists; empty where it does not.
        usage: It counts tokens.
        problem: Why the connection does not work at all; empty where it does.
        notes: One line each, for people: what was tried and what came of it.
        seconds: To the first token and to the end of a short answer.
    """

    streaming: bool | None = None
    tools: bool | None = None
    schema: bool | None = None
    usage: bool | None = None
    seed: bool | None = None
    models: tuple[str, ...] = ()
    problem: str = ""
    notes: tuple[str, ...] = ()
    first_token_seconds: float | None = None
    seconds: float | None = None

    @property
    def answering(self) -> Answering:
        """The best way to a structured answer that is known to work."""
        if self.schema:
            return Answering.SCHEMA
        return Answering.TOOL if self.tools else Answering.TEXT


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars per million tokens."""

    input: float
    output: float

    def of(self, tokens_in: int, tokens_out: int) -> float:
        """Price of a call in US dollars."""
        return (tokens_in * self.input + tokens_out * self.output) / 1_000_000


PASTE = "paste:"
"""The base URL of a model that no server serves: a person pastes its answers, from whatever chat they have."""


@dataclass(frozen=True)
class ModelEndpoint:
    """Where a model is served, and how it is asked. Holds no key.

    Attributes:
        base_url: Of the OpenAI-compatible server, such as `http://localhost:8000/v1`; or `PASTE`.
        price: None where it is not known; then money cannot be a ceiling.
        timeout: Seconds without any byte before an attempt is given up.
        retries: Attempts after the first one, on 429, 5xx and lost connections.
        concurrency: Calls at the same time.
        answering: How structured answers are asked for; None takes what was probed.
    """

    base_url: str
    model: str
    price: Price | None = None
    timeout: float = 60.0
    retries: int = 4
    concurrency: int = 4
    answering: Answering | None = None

    @property
    def pasted(self) -> bool:
        """Whether a person pastes the answers."""
        return self.base_url == PASTE


@dataclass(frozen=True)
class PastedQuestion:
    """A question whose answer a person pastes.

    Attributes:
        model: Name of the model, as the person called it.
        purpose: Which stage asks.
        text: All that the model needs, in one plain text.
        answer: What was pasted before and cannot be used; empty at first.
        problem: What is wrong with that.
    """

    model: str
    purpose: Purpose
    text: str
    answer: str = ""
    problem: str = ""


def correction(problem: str) -> str:
    """What a model is told whose answer cannot be used."""
    return f"This answer cannot be used: {problem}. Answer again, in the form that was asked for."


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt: a template for the system's and the user's message, in a version.

    Attributes:
        system: Template of the first message, with places such as `{{task}}`.
        user: Template of the second.
        edited: The user's own text, not the one that is shipped.
        problem: Why the user's own text cannot be used; empty where it can.
    """

    name: str
    version: str
    system: str
    user: str
    edited: bool = False
    problem: str = ""

    @property
    def label(self) -> str:
        """Name, version and digest: what a call's record says it was made from."""
        digest = content_hash([self.system, self.user])[:8]
        return f"{self.name}/{self.version}-{digest}"


@dataclass(frozen=True, slots=True)
class Secret:
    """A key, with where it was found: `environment`, `keyring` or `memory`. Its text never prints."""

    value: str = field(repr=False)
    source: str
