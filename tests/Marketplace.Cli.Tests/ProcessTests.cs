using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Marketplace.Cli.Running;
using Marketplace.Testing;

namespace Marketplace.Cli.Tests;

/// <summary>The command line as a process, as a shell runs it.</summary>
public sealed class ProcessTests(GatewayFixture gateway) : CliTest(gateway)
{
    private const int Interrupt = 2;

    [Fact]
    public async Task It_speaks_Russian_and_returns_its_exit_code()
    {
        using var process = Start("banned", "nonsense");
        (await process.StandardOutput.ReadToEndAsync()).ShouldBeEmpty();
        (await process.StandardError.ReadToEndAsync()).ShouldContain("Нераспознанная команда или аргумент 'nonsense'");
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(ExitCode.Usage);

        using var help = Start("shop", "send", "--help");
        var text = await help.StandardOutput.ReadToEndAsync();
        text.ShouldContain("Использование:");
        text.ShouldContain("Описание:");
        text.ShouldContain("Коды выхода:");
    }

    [Fact]
    public async Task Ctrl_C_ends_a_sending_that_waits_for_its_input()
    {
        var id = NewId();
        using var process = Start("shop", "send", "-", "--url", Url, "--api-key", GatewayFixture.AdminKey);
        await process.StandardInput.WriteLineAsync($$"""{"product_id":"{{id}}","name":"x"}""");
        await process.StandardInput.FlushAsync();

        // What has come is sent, though the input has not ended.
        (await UntilAsync(result => result.ExitCode == ExitCode.Ok, "shop", "get", id)).ExitCode.ShouldBe(ExitCode.Ok);
        SendSignal(process.Id, Interrupt).ShouldBe(0);
        using var timeout = new CancellationTokenSource(Eventually.HangLimit);
        await process.WaitForExitAsync(timeout.Token);
        process.ExitCode.ShouldBe(ExitCode.Interrupted);
        (await process.StandardError.ReadToEndAsync()).ShouldBe("ошибка: прервано; принято: 1, отказано: 0, продолжить: --from 1\n");
    }

    [Fact]
    public async Task Answers_go_into_a_pipe_as_utf_8_without_a_mark()
    {
        using var process = Start("client", "search", "нет такого", "--json", "--url", Url, "--api-key", GatewayFixture.AdminKey);
        using var output = new MemoryStream();
        await process.StandardOutput.BaseStream.CopyToAsync(output);
        output.ToArray()[0].ShouldBe((byte)'{');
        Encoding.UTF8.GetString(output.ToArray()).ShouldContain("\"query\":\"нет такого\"");
    }

    private static Process Start(params string[] args)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardErrorEncoding = Encoding.UTF8,
            StandardOutputEncoding = Encoding.UTF8,
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "marketplace.dll") },
        };
        foreach (var arg in args)
        {
            start.ArgumentList.Add(arg);
        }

        return Process.Start(start)!;
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int SendSignal(int pid, int signal);
}
