using System.Buffers;
using System.Text.Json;

namespace Marketplace.Cli.Shop.Input;

/// <summary>
/// Cuts JSON values out of a text that comes in pieces: the elements of an array, or values one after the other. Line
/// breaks are taken out of a value, which in valid JSON stand between tokens only.
/// </summary>
internal sealed class JsonValues
{
    private readonly ArrayBufferWriter<byte> _joined = new();
    private State _state = State.Start;

    private enum State
    {
        Start,
        Values,
        FirstElement,
        Element,
        AfterElement,
        End,
    }

    /// <summary>Values cut so far.</summary>
    public long Count { get; private set; }

    /// <summary>Line ends before what is left.</summary>
    public long Line { get; private set; }

    /// <summary>Takes one value from the front; false when more has to come first, or nothing will.</summary>
    /// <param name="isWhole">Nothing follows.</param>
    /// <param name="value">Valid until the next call.</param>
    /// <exception cref="JsonException">This is no JSON from here on.</exception>
    public bool TryTake(ref ReadOnlySequence<byte> rest, bool isWhole, out ReadOnlySequence<byte> value)
    {
        value = default;
        while (SkipSpace(ref rest))
        {
            var next = rest.FirstSpan[0];
            switch (_state)
            {
                case State.Start when next == '[':
                    Step(ref rest, State.FirstElement);
                    break;
                case State.FirstElement or State.AfterElement when next == ']':
                    Step(ref rest, State.End);
                    break;
                case State.AfterElement when next == ',':
                    Step(ref rest, State.Element);
                    break;
                case State.AfterElement or State.End:
                    throw new JsonException();
                default:
                    if (!TryCut(ref rest, isWhole, out value))
                    {
                        return false;
                    }

                    _state = _state is State.Start or State.Values ? State.Values : State.AfterElement;
                    Count++;
                    return true;
            }
        }

        var isOpen = _state is State.FirstElement or State.Element or State.AfterElement;
        return isWhole && isOpen ? throw new JsonException() : false;
    }

    private bool TryCut(ref ReadOnlySequence<byte> rest, bool isWhole, out ReadOnlySequence<byte> value)
    {
        value = default;
        var reader = new Utf8JsonReader(rest, isWhole, new JsonReaderState(StreamProducts.JsonOptions));
        if (!reader.Read() || !reader.TrySkip())
        {
            return false;
        }

        var cut = rest.Slice(0, reader.BytesConsumed);
        _joined.ResetWrittenCount();
        foreach (var memory in cut)
        {
            foreach (var range in memory.Span.SplitAny("\r\n"u8))
            {
                _joined.Write(memory.Span[range]);
            }
        }

        CountLines(cut);
        rest = rest.Slice(cut.End);
        value = new ReadOnlySequence<byte>(_joined.WrittenMemory);
        return true;
    }

    /// <summary>False when nothing is left.</summary>
    private bool SkipSpace(ref ReadOnlySequence<byte> rest)
    {
        var reader = new SequenceReader<byte>(rest);
        reader.AdvancePastAny(" \t\r\n"u8);
        CountLines(rest.Slice(0, reader.Position));
        rest = reader.UnreadSequence;
        return !rest.IsEmpty;
    }

    private void Step(ref ReadOnlySequence<byte> rest, State state)
    {
        rest = rest.Slice(1);
        _state = state;
    }

    private void CountLines(in ReadOnlySequence<byte> passed)
    {
        foreach (var memory in passed)
        {
            Line += memory.Span.Count((byte)'\n');
        }
    }
}
