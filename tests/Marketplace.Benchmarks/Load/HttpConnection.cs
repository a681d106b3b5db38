using System.Net;
using System.Net.Sockets;

namespace Marketplace.Benchmarks.Load;

/// <summary>One keep-alive connection. Its calls block: it belongs to one thread.</summary>
internal sealed class HttpConnection : IDisposable
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromMinutes(5);

    /// <summary>Room for a whole request, so that a send does not wait for the server and with it all other connections.</summary>
    private const int SendBufferBytes = 512 * 1024;

    public HttpConnection(IPEndPoint server)
    {
        Socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp)
        {
            NoDelay = true,
            SendBufferSize = SendBufferBytes,
            ReceiveTimeout = (int)AnswerLimit.TotalMilliseconds,
            SendTimeout = (int)AnswerLimit.TotalMilliseconds,
        };
        Socket.Connect(server);
    }

    public Socket Socket { get; }

    public AnswerReader Answer { get; } = new();

    public void Send(ReadOnlySpan<byte> request)
    {
        Answer.Clear();
        SendMore(request);
    }

    public void SendMore(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[Socket.Send(bytes)..];
        }
    }

    /// <summary>Waits for the answer and checks its status.</summary>
    /// <returns>The answer, until the next request is sent.</returns>
    /// <exception cref="UnexpectedAnswerException">The status is another.</exception>
    public AnswerReader Receive(params ReadOnlySpan<int> expected)
    {
        while (!Answer.Receive(Socket))
        {
        }

        return expected.Contains(Answer.Status) ? Answer : throw new UnexpectedAnswerException(Answer.Status, Answer.BodyText);
    }

    public AnswerReader Exchange(ReadOnlySpan<byte> request, params ReadOnlySpan<int> expected)
    {
        Send(request);
        return Receive(expected);
    }

    public void Dispose() => Socket.Dispose();
}

/// <summary>A figure of answers that were not what was asked for would mean nothing.</summary>
internal sealed class UnexpectedAnswerException(int status, string body) : Exception($"The server answered {status}: {body}");
