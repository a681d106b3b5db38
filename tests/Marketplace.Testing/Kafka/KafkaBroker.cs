using System.Diagnostics;
using System.Net.Sockets;

namespace Marketplace.Testing.Kafka;

/// <summary>One broker: started, killed, paused and started again on its data.</summary>
/// <param name="port">Where it listens for clients.</param>
/// <param name="network">What stands before it, or null.</param>
public sealed class KafkaBroker(int nodeId, int port, string folder, IReadOnlyDictionary<string, string> environment, BrokerNetwork? network) : IDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    private GuardedScript? _process;

    public int NodeId => nodeId;

    public string Address => $"localhost:{network?.Port ?? port}";

    public bool IsRunning => _process is { IsRunning: true };

    public void Start()
    {
        Dispose();
        _process = GuardedScript.Start(Repository.Path("docker/kafka/start-broker.sh"), folder, environment);
    }

    /// <summary>Waits until the broker takes connections.</summary>
    public async Task WaitUntilUpAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                using var socket = new TcpClient();
                await socket.ConnectAsync("127.0.0.1", port, cancellationToken);
                return;
            }
            catch (SocketException) when (watch.Elapsed < limit)
            {
                await Task.Delay(Poll, cancellationToken);
            }
            catch (SocketException)
            {
                throw new TimeoutException($"Broker {nodeId} was not up after {limit}:\n{string.Join('\n', File.ReadLines(GuardedScript.LogOf(folder)).TakeLast(40))}");
            }
        }
    }

    /// <summary><c>kill -9</c>.</summary>
    public void KillNow()
    {
        _process?.KillNow();
        _process = null;
    }

    public void Pause() => _process?.Pause();

    public void Resume() => _process?.Resume();

    public void Dispose()
    {
        _process?.Dispose();
        _process = null;
    }
}
