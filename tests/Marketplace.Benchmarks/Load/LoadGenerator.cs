using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Marketplace.Benchmarks.Load;

/// <summary>
/// Sends prepared requests over keep-alive connections, one under way on each, from one thread that polls all sockets.
/// Requests are taken in turn, and go on where the last run ended. Every answer must have the expected status.
/// </summary>
internal sealed class LoadGenerator(IPEndPoint server, IReadOnlyList<PreparedRequest> requests, int expectedStatus)
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PollLimit = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan PacedPollLimit = TimeSpan.FromMilliseconds(1);

    private int _next;

    /// <summary>Runs on a thread of its own for the duration, or until <paramref name="stop"/>; requests under way are then waited for.</summary>
    /// <param name="rate">Requests a second to keep to; null: as fast as they are answered.</param>
    public Task<LoadResult> RunAsync(int connections, TimeSpan duration, double? rate, CancellationToken stop) => RunAsync(connections, duration, long.MaxValue, rate, stop);

    /// <summary>Sends so many requests, as fast as they are answered: for servers that are to be left in the same state.</summary>
    public Task<LoadResult> SendAsync(int connections, long count, CancellationToken stop) => RunAsync(connections, TimeSpan.MaxValue, count, null, stop);

    private Task<LoadResult> RunAsync(int connections, TimeSpan duration, long most, double? rate, CancellationToken stop) =>
        Task.Factory.StartNew(() => Run(connections, duration, most, rate, stop), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private LoadResult Run(int count, TimeSpan duration, long most, double? rate, CancellationToken stop)
    {
        var connections = Enumerable.Range(0, count).Select(_ => new LoadConnection(new HttpConnection(server))).ToDictionary(c => c.Http.Socket);
        try
        {
            return Run(connections, duration, most, rate, stop);
        }
        finally
        {
            foreach (var connection in connections.Values)
            {
                connection.Http.Dispose();
            }
        }
    }

    private LoadResult Run(Dictionary<Socket, LoadConnection> connections, TimeSpan duration, long most, double? rate, CancellationToken stop)
    {
        var idle = new Queue<LoadConnection>(connections.Values);
        var ready = new List<Socket>(connections.Count);
        var ticks = new List<long>(1 << 16);
        var (sent, products, sinkBytes) = (0L, 0L, 0L);
        var start = Stopwatch.GetTimestamp();
        var lastAnswer = start;
        while (true)
        {
            var elapsed = Stopwatch.GetElapsedTime(start);
            var ending = elapsed >= duration || sent >= most || stop.IsCancellationRequested;
            var due = rate is null ? long.MaxValue : (long)(elapsed.TotalSeconds * rate.Value) + 1;
            while (!ending && sent < Math.Min(due, most) && idle.TryDequeue(out var connection))
            {
                connection.Send(requests[_next]);
                _next = (_next + 1) % requests.Count;
                sent++;
            }

            if (ending && idle.Count == connections.Count)
            {
                return new LoadResult(sent, products, sinkBytes, Stopwatch.GetElapsedTime(start, lastAnswer), ticks);
            }

            ready.Clear();
            ready.AddRange(connections.Keys);
            Socket.Select(ready, null, null, rate is null || ending ? PollLimit : PacedPollLimit);
            foreach (var socket in ready)
            {
                var connection = connections[socket];
                if (connection.TryReceive(expectedStatus, out var answered))
                {
                    lastAnswer = Stopwatch.GetTimestamp();
                    ticks.Add(lastAnswer - connection.SentAt);
                    products += answered.Products;
                    sinkBytes += answered.SinkBytes;
                    idle.Enqueue(connection);
                }
            }

            if (ready.Count == 0 && idle.Count < connections.Count && Stopwatch.GetElapsedTime(lastAnswer) > AnswerLimit)
            {
                throw new TimeoutException($"{connections.Count - idle.Count} requests had no answer for {AnswerLimit}.");
            }
        }
    }

    private sealed class LoadConnection(HttpConnection http)
    {
        private PreparedRequest _request;

        public HttpConnection Http => http;

        /// <summary>Stopwatch ticks.</summary>
        public long SentAt { get; private set; }

        public void Send(in PreparedRequest request)
        {
            _request = request;
            SentAt = Stopwatch.GetTimestamp();
            http.Send(request.Bytes);
        }

        public bool TryReceive(int expectedStatus, out PreparedRequest answered)
        {
            answered = _request;
            if (!http.Answer.Receive(http.Socket))
            {
                return false;
            }

            return http.Answer.Status == expectedStatus ? true : throw new UnexpectedAnswerException(http.Answer.Status, http.Answer.BodyText);
        }
    }
}
