"""Every kind of frame and of packet, grown and damaged at random: it arrives as it was, or is refused in the agreed way.

The long search, guided by coverage, is `tests/fuzz/fuzz_wire.py`.
"""

import contextlib
from typing import Any

import msgspec
import pytest
from frames import ANSWERS, FIELDS, OUTCOMES, QUESTIONS, REQUESTS, VALUES, damaged, replies
from hypothesis import given
from hypothesis import strategies as st

from grader.sandbox import control
from grader.sandbox.outcome import Outcome
from grader.sandbox.price import MAX_PRICE, price
from grader.sandbox.values import WireError, decode, encode
from grader.sandbox.wire import HEADER, body_length, decode_reply, decode_request, frame

pytestmark = pytest.mark.slow

pack = msgspec.msgpack.encode
kind = pytest.mark.parametrize
of_name = {"ids": lambda kind: kind.__name__}


@kind("request_", REQUESTS, **of_name)
@given(st.data())
def test_every_request_arrives_as_it_was(request_: type, data: st.DataObject) -> None:
    """What the supervisor asks is what the child reads."""
    record = data.draw(FIELDS[request_])
    body = frame(record)[HEADER.size :]
    assert pack(decode_request(body)) == pack(record)  # as bytes: NaN is not itself


@kind("outcome", OUTCOMES, **of_name)
@given(st.data())
def test_every_reply_arrives_as_it_was(outcome: type, data: st.DataObject) -> None:
    """What a child says, with any value that the wire carries, is what the supervisor reads."""
    record = data.draw(replies(outcome))
    body = frame(record)[HEADER.size :]
    assert pack(decode_reply(body)[0]) == pack(record)


@kind("outcome", OUTCOMES, **of_name)
@given(st.data())
def test_every_reply_comes_out_of_a_record_as_it_went_in(outcome: type, data: st.DataObject) -> None:
    """What was read from a child can be kept, and judged again years later."""
    record = data.draw(FIELDS[outcome])
    assert pack(msgspec.msgpack.Decoder(Outcome).decode(pack(record))) == pack(record)


@given(VALUES)
def test_every_value_can_be_decoded(value: Any) -> None:
    """A value that passed the wire's checks becomes an object, and the same value again."""
    thing = decode(value)
    assert price(pack(encode(thing))) <= price(pack(value))  # a mapping's double keys are one


@kind("request_", REQUESTS, **of_name)
@given(st.data())
def test_damaged_requests_are_refused(request_: type, data: st.DataObject) -> None:
    """A damaged request is another request, or a WireError."""
    body = data.draw(damaged(frame(data.draw(FIELDS[request_]))[HEADER.size :]))
    with contextlib.suppress(WireError):
        decode_request(body)


@kind("outcome", OUTCOMES, **of_name)
@given(st.data())
def test_damaged_replies_are_refused(outcome: type, data: st.DataObject) -> None:
    """A damaged reply is another reply, whose values can be decoded, or a WireError."""
    body = data.draw(damaged(frame(data.draw(replies(outcome)))[HEADER.size :]))
    with contextlib.suppress(WireError):
        reply = decode_reply(body)[0]
        assert reply is not None
        for value in (getattr(reply.outcome, "value", None), *getattr(reply.outcome, "after", ())):
            decode(value)


@kind("answer", ANSWERS, **of_name)
@given(st.data())
def test_every_answer_of_the_zygote_arrives_as_it_was(answer: type, data: st.DataObject) -> None:
    """What the zygote answers fits into a packet and is what the supervisor reads."""
    record = data.draw(FIELDS[answer])
    assert len(control.encode(record)) <= control.PACKET
    assert control.encode(control.decode_answer(control.encode(record))) == control.encode(record)


@kind("question", QUESTIONS, **of_name)
@given(st.data())
def test_every_question_to_the_zygote_arrives_as_it_was(question: type, data: st.DataObject) -> None:
    """What the supervisor asks for is what the zygote reads."""
    record = data.draw(FIELDS[question])
    assert control.decode_request(control.encode(record)) == record


@given(st.integers(0, 0xFFFF_FFFF))
def test_every_header_is_a_length_within_the_limit(announced: int) -> None:
    """No header makes the supervisor read more than the largest frame."""
    header = HEADER.pack(announced)
    if announced <= MAX_PRICE:
        assert body_length(header) == announced
    else:
        with pytest.raises(WireError, match="was announced"):
            body_length(header)
