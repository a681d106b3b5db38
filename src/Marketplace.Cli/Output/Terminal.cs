using System.Text;
using System.Text.Json;
using Marketplace.Cli.Gateway;
using Marketplace.Cli.Running;

namespace Marketplace.Cli.Output;

/// <summary>The process's surroundings: streams, environment, clock. Tests bring their own.</summary>
internal sealed class Terminal : IDisposable
{
    public required Stream In { get; init; }

    public required Stream Out { get; init; }

    public required TextWriter Error { get; init; }

    /// <summary>A person reads stdout: tables in colour, as wide as the window.</summary>
    public bool IsOutTerminal { get; init; }

    /// <summary>A person sees stderr: a progress bar makes sense.</summary>
    public bool IsErrorTerminal { get; init; }

    /// <summary>Columns of the window, where there is one.</summary>
    public int? Width { get; init; }

    public Func<string, string?> Environment { get; init; } = _ => null;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public static Terminal OfProcess() => new()
    {
        In = Console.OpenStandardInput(),
        Out = Console.OpenStandardOutput(),
        Error = new StreamWriter(Console.OpenStandardError(), new UTF8Encoding(false)) { AutoFlush = true },
        IsOutTerminal = !Console.IsOutputRedirected,
        IsErrorTerminal = !Console.IsErrorRedirected,
        Width = Console.IsOutputRedirected && Console.IsErrorRedirected || Console.WindowWidth <= 0 ? null : Console.WindowWidth,
        Environment = System.Environment.GetEnvironmentVariable,
    };

    /// <summary>An error, always one line.</summary>
    public void WriteError(string message) => Error.WriteLine("ошибка: " + Words.OneLine(message));

    /// <summary>Why a command failed: one line for a person, and a document for a program that has none yet.</summary>
    public async Task WriteAsync(CommandFailure failure, bool json)
    {
        WriteError(failure.Message);
        if (json && !failure.IsAnswered)
        {
            await WriteJsonAsync(JsonSerializer.SerializeToUtf8Bytes(failure.Answer, GatewayJson.Readable.FailureAnswer), CancellationToken.None);
        }
    }

    public void WriteNote(string message) => Error.WriteLine(Words.OneLine(message));

    /// <summary>One document or one line of JSON on stdout.</summary>
    public async Task WriteJsonAsync(ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        await Out.WriteAsync(json, cancellationToken);
        await Out.WriteAsync("\n"u8.ToArray(), cancellationToken);
        await Out.FlushAsync(cancellationToken);
    }

    public void Dispose()
    {
        Out.Flush();
        Error.Flush();
    }
}
