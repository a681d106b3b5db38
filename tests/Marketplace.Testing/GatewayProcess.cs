using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Marketplace.Testing;

/// <summary>The gateway as a process of its own, to be killed.</summary>
public sealed class GatewayProcess : IDisposable
{
    private const int Terminate = 15;
    private const int Continue = 18;
    private const int Suspend = 19;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    private readonly Process _process;
    private readonly List<string> _output = [];
    private bool _disposed;

    private GatewayProcess(Process process, Uri url)
    {
        (_process, Url) = (process, url);
        process.OutputDataReceived += (_, e) => Keep(e.Data);
        process.ErrorDataReceived += (_, e) => Keep(e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public Uri Url { get; }

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    public int Id => _process.Id;

    public string Output
    {
        get
        {
            lock (_output)
            {
                return string.Join('\n', _output);
            }
        }
    }

    /// <summary>Starts the gateway that was built beside the caller.</summary>
    public static GatewayProcess Start(string dataPath, int port, params string[] settings)
    {
        var url = new Uri($"http://127.0.0.1:{port}");
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = AppContext.BaseDirectory,
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "Marketplace.Gateway.dll"), $"--Urls={url}", $"--Data:Path={dataPath}" },
        };
        // As its launch settings have it.
        start.Environment["DOTNET_GCgen0size"] = "0x8000000";
        foreach (var setting in settings)
        {
            start.ArgumentList.Add(setting);
        }

        return new GatewayProcess(Process.Start(start)!, url);
    }

    /// <summary>Waits for <c>/health/ready</c>; throws when the process ends first or the time is over, and then ends it.</summary>
    public async Task WaitUntilReadyAsync(HttpClient http, TimeSpan limit, CancellationToken cancellationToken)
    {
        try
        {
            await WaitAsync(http, limit, cancellationToken);
        }
        catch
        {
            // Who waits before its own clean-up begins (a fixture) would leave it running.
            Dispose();
            throw;
        }
    }

    private async Task WaitAsync(HttpClient http, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(limit);
        while (true)
        {
            try
            {
                using var answer = await http.GetAsync(new Uri(Url, "/health/ready"), timeout.Token);
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (Exception e) when (e is HttpRequestException or SocketException)
            {
                if (_process.HasExited)
                {
                    throw new InvalidOperationException($"The gateway exited with {_process.ExitCode}:\n{Output}");
                }
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new TimeoutException($"The gateway was not ready after {limit}:\n{Output}");
            }

            await Task.Delay(Poll, cancellationToken);
        }
    }

    /// <summary>SIGSTOP: the process is there and does nothing.</summary>
    public void Pause() => SendSignal(_process.Id, Suspend);

    public void Resume() => SendSignal(_process.Id, Continue);

    /// <summary><c>kill -9</c>; returns when the process is gone.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync().WaitAsync(Eventually.HangLimit);
    }

    /// <summary>SIGTERM; returns the exit code, and throws when the process has not stopped in time.</summary>
    public async Task<int> StopAsync(TimeSpan limit)
    {
        if (SendSignal(_process.Id, Terminate) != 0)
        {
            throw new InvalidOperationException("The gateway was gone already.");
        }

        using var timeout = new CancellationTokenSource(limit);
        await _process.WaitForExitAsync(timeout.Token);
        return _process.ExitCode;
    }

    /// <summary>Returns when the process has ended by itself and all of its output is here.</summary>
    public Task WaitForExitAsync(CancellationToken cancellationToken) => _process.WaitForExitAsync(cancellationToken);

    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit(Eventually.HangLimit);
        }

        _process.Dispose();
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int SendSignal(int pid, int signal);

    private void Keep(string? line)
    {
        if (line is not null)
        {
            lock (_output)
            {
                _output.Add(line);
            }
        }
    }
}
