using System.Buffers.Text;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Marketplace.Benchmarks.Load;

/// <summary>
/// Reads the answers of one keep-alive connection, one at a time: as much of HTTP/1.1 as an answer of a known length or in
/// chunks needs, so that the load generator takes little of the processor it shares with what it measures.
/// </summary>
internal sealed class AnswerReader
{
    private const int InitialBytes = 16 * 1024;
    private const int StatusAt = 9;
    private const int StatusDigits = 3;

    private byte[] _buffer = new byte[InitialBytes];
    private int _length;
    private Range _body;

    public int Status { get; private set; }

    /// <summary>The answer's body, valid until <see cref="Clear"/>.</summary>
    public ReadOnlySpan<byte> Body => _buffer.AsSpan(_body);

    public string BodyText => Encoding.UTF8.GetString(Body);

    /// <summary>Makes it ready for the answer to the next request.</summary>
    public void Clear() => _length = 0;

    /// <summary>Takes what the socket has, waiting for something; true when the answer is complete.</summary>
    public bool Receive(Socket socket)
    {
        if (_length == _buffer.Length)
        {
            Array.Resize(ref _buffer, 2 * _buffer.Length);
        }

        var received = socket.Receive(_buffer.AsSpan(_length));
        if (received == 0)
        {
            throw new IOException($"The server closed the connection after {_length} bytes of an answer: {Encoding.UTF8.GetString(_buffer.AsSpan(0, _length))}");
        }

        _length += received;
        return TryComplete();
    }

    private bool TryComplete()
    {
        var received = _buffer.AsSpan(0, _length);
        var headLength = received.IndexOf("\r\n\r\n"u8);
        if (headLength < 0)
        {
            return false;
        }

        Status = int.Parse(received.Slice(StatusAt, StatusDigits), CultureInfo.InvariantCulture);
        var bodyAt = headLength + 4;
        if (Header(received[..headLength], "transfer-encoding"u8) is [.., (byte)'d'])
        {
            return TryUnchunk(bodyAt);
        }

        _ = Utf8Parser.TryParse(Header(received[..headLength], "content-length"u8), out int length, out _);
        _body = bodyAt..(bodyAt + length);
        return _length >= bodyAt + length;
    }

    private static ReadOnlySpan<byte> Header(ReadOnlySpan<byte> head, ReadOnlySpan<byte> name)
    {
        for (var at = head.IndexOf("\r\n"u8); at >= 0; at = head.IndexOf("\r\n"u8))
        {
            head = head[(at + 2)..];
            if (head.Length > name.Length && head[name.Length] == ':' && Ascii.EqualsIgnoreCase(head[..name.Length], name))
            {
                var value = head[(name.Length + 1)..];
                var end = value.IndexOf("\r\n"u8);
                return (end < 0 ? value : value[..end]).Trim((byte)' ');
            }
        }

        return default;
    }

    /// <summary>Looks whether the last chunk is there, and only then moves the chunks together.</summary>
    private bool TryUnchunk(int bodyAt)
    {
        if (!Walk(bodyAt, move: false, out _))
        {
            return false;
        }

        Walk(bodyAt, move: true, out var end);
        _body = bodyAt..end;
        return true;
    }

    private bool Walk(int bodyAt, bool move, out int target)
    {
        var source = target = bodyAt;
        while (true)
        {
            var line = _buffer.AsSpan(source, _length - source).IndexOf("\r\n"u8);
            if (line < 0)
            {
                return false;
            }

            Utf8Parser.TryParse(_buffer.AsSpan(source, line), out int size, out _, 'x');
            source += line + 2;
            if (source + size + 2 > _length)
            {
                return false;
            }

            if (size == 0)
            {
                return true;
            }

            if (move)
            {
                _buffer.AsSpan(source, size).CopyTo(_buffer.AsSpan(target));
            }

            target += size;
            source += size + 2;
        }
    }
}
