using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Marketplace.Testing.Kafka;

/// <summary>One broker process: started, killed, paused and started again on its data.</summary>
public sealed class KafkaBroker(int nodeId, int port, string folder, IReadOnlyDictionary<string, string> environment) : IDisposable
{
    private const int Kill = 9;
    private const int Continue = 18;
    private const int Stop = 19;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// Kills the broker when its standard input closes: it does when this process ends, in whatever way.
    /// The broker is a job of its own process group, and what it starts goes with it. A signal to the guard ends
    /// its waiting too, and so the broker.
    /// </summary>
    private const string Guard = """
        set -m
        trap : TERM INT HUP
        bash "$1" </dev/null >>"$2/broker.log" 2>&1 &
        echo $! >"$2/pid"
        cat >/dev/null
        kill -9 -- "-$!" 2>/dev/null
        """;

    private Process? _guard;

    public int NodeId => nodeId;

    public string Address => $"localhost:{port}";

    public string LogFile => Path.Combine(folder, "broker.log");

    public bool IsRunning => _guard is { HasExited: false };

    public void Start()
    {
        Dispose();
        Directory.CreateDirectory(folder);
        File.Delete(PidFile);
        var start = new ProcessStartInfo("bash") { RedirectStandardInput = true, ArgumentList = { "-c", Guard, "guard", Repository.Path("docker/kafka/start-broker.sh"), folder } };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        _guard = Process.Start(start)!;
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
                throw new TimeoutException($"Broker {nodeId} was not up after {limit}:\n{string.Join('\n', File.ReadLines(LogFile).TakeLast(40))}");
            }
        }
    }

    /// <summary><c>kill -9</c>.</summary>
    public void KillNow()
    {
        Signal(Kill);
        Dispose();
    }

    /// <summary>SIGSTOP: the process is there and does nothing.</summary>
    public void Pause() => Signal(Stop);

    public void Resume()
    {
        if (IsRunning)
        {
            Signal(Continue);
        }
    }

    public void Dispose()
    {
        if (_guard is not null)
        {
            _guard.StandardInput.Close();
            _guard.WaitForExit();
            _guard.Dispose();
            _guard = null;
        }
    }

    private string PidFile => Path.Combine(folder, "pid");

    private void Signal(int signal) => SendSignal(-int.Parse(File.ReadAllText(PidFile), CultureInfo.InvariantCulture), signal);

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int SendSignal(int pid, int signal);
}
