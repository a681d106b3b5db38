using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Marketplace.Testing.Kafka;

/// <summary>A script that becomes a long-running process, and ends when this process does, in whatever way.</summary>
public sealed class GuardedScript : IDisposable
{
    private const int Kill = 9;
    private const int Continue = 18;
    private const int Stop = 19;

    /// <summary>
    /// Kills the script when its standard input closes: the kernel closes it with this process. The script is a job of its
    /// own process group, and what it starts goes with it. A signal to the guard ends its waiting too, and so the script.
    /// </summary>
    private const string Guard = """
        set -m
        trap : TERM INT HUP
        bash "$1" </dev/null >>"$2/output.log" 2>&1 &
        echo $! >"$2/pid"
        cat >/dev/null
        kill -9 -- "-$!" 2>/dev/null
        """;

    private readonly Process _guard;
    private readonly string _folder;
    private bool _disposed;

    private GuardedScript(Process guard, string folder) => (_guard, _folder) = (guard, folder);

    public bool IsRunning => !_disposed && !_guard.HasExited;

    public static string LogOf(string folder) => Path.Combine(folder, "output.log");

    /// <param name="folder">Holds what the script writes.</param>
    public static GuardedScript Start(string script, string folder, IEnumerable<KeyValuePair<string, string>> environment)
    {
        Directory.CreateDirectory(folder);
        File.Delete(Path.Combine(folder, "pid"));
        var start = new ProcessStartInfo("bash") { RedirectStandardInput = true, ArgumentList = { "-c", Guard, "guard", script, folder } };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new GuardedScript(Process.Start(start)!, folder);
    }

    /// <summary><c>kill -9</c>.</summary>
    public void KillNow()
    {
        Signal(Kill);
        Dispose();
    }

    /// <summary>SIGSTOP: the process is there and does nothing.</summary>
    public void Pause() => Signal(Stop);

    public void Resume() => Signal(Continue);

    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        if (!_guard.HasExited)
        {
            _guard.StandardInput.Close();
            if (!_guard.WaitForExit(Eventually.HangLimit))
            {
                _guard.Kill(entireProcessTree: true);
            }
        }

        _guard.Dispose();
    }

    private void Signal(int signal) => SendSignal(-int.Parse(File.ReadAllText(Path.Combine(_folder, "pid")), CultureInfo.InvariantCulture), signal);

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int SendSignal(int pid, int signal);
}
