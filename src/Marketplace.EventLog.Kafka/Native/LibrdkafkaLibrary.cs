using System.Reflection;
using System.Runtime.InteropServices;
using Confluent.Kafka;

namespace Marketplace.EventLog.Kafka.Native;

/// <summary>
/// Finds the native client: the package's, else the file that <c>LIBRDKAFKA_PATH</c> names, else the system's.
/// </summary>
internal static class LibrdkafkaLibrary
{
    public const string Name = "librdkafka";
    public const string PathVariable = "LIBRDKAFKA_PATH";

    /// <summary>The first with the administration calls that the engine uses (2.3.0).</summary>
    private const int OldestVersion = 0x02030000;

    private static readonly string[] PackagedNames = [Name, "centos8-librdkafka", "alpine-librdkafka"];
    private static readonly string[] SystemNames = ["librdkafka.so.1", "librdkafka.1.dylib"];
    private static readonly Lazy<string?> Fault = new(Load);

    /// <exception cref="LogFailedException">There is no library, or it is too old; the message says what to do.</exception>
    public static void EnsureLoaded()
    {
        if (Fault.Value is { } fault)
        {
            throw new LogFailedException(fault);
        }
    }

    private static string? Load()
    {
        if (Environment.GetEnvironmentVariable(PathVariable) is { Length: > 0 } named && !File.Exists(named))
        {
            return $"{PathVariable} names '{named}', which is no file.";
        }

        Allocator.KeepFreed();
        NativeLibrary.SetDllImportResolver(typeof(Library).Assembly, Resolve);
        NativeLibrary.SetDllImportResolver(typeof(LibrdkafkaLibrary).Assembly, Resolve);
        try
        {
            return Library.Version >= OldestVersion
                ? null
                : $"The Kafka client librdkafka {Library.VersionString} is too old, it has to be 2.3 or newer: set {PathVariable} to a newer file.";
        }
        catch (Exception e) when (e is DllNotFoundException or InvalidOperationException or TypeInitializationException or EntryPointNotFoundException)
        {
            return $"The native Kafka client librdkafka was not found. Install it, 2.3 or newer (librdkafka1 of Debian 12 is older), or set {PathVariable} to its file. The embedded event log needs none.";
        }
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? paths)
    {
        if (name != Name)
        {
            return 0;
        }

        // The package's libraries lie beside Confluent.Kafka, whoever asks; which of them loads depends on what the system has.
        foreach (var packaged in PackagedNames)
        {
            if (NativeLibrary.TryLoad(packaged, typeof(Library).Assembly, paths, out var found))
            {
                return found;
            }
        }

        if (Environment.GetEnvironmentVariable(PathVariable) is { Length: > 0 } path && NativeLibrary.TryLoad(path, out var handle))
        {
            return handle;
        }

        foreach (var system in SystemNames)
        {
            if (NativeLibrary.TryLoad(system, out handle))
            {
                return handle;
            }
        }

        return 0;
    }
}
