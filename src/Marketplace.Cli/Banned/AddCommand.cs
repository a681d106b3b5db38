using System.CommandLine;
using System.Net.Http.Headers;
using System.Text.Json;
using Marketplace.Cli.Gateway;
using Marketplace.Cli.Output;
using Marketplace.Cli.Running;

namespace Marketplace.Cli.Banned;

internal static class AddCommand
{
    public static Command Create(CommandRunner runner)
    {
        var id = Arguments.ProductId();
        var reason = new Option<string?>("--reason") { HelpName = "текст", Description = "Почему запрещён." };
        var expiry = new ExpiryOptions();
        var command = new Command("add", "Запрещает товар, в том числе уже выставленный; прежний запрет заменяется.") { id, reason };
        expiry.AddTo(command);
        return runner.Run(command, async (run, cancellationToken) =>
        {
            var body = JsonSerializer.SerializeToUtf8Bytes(new BanBody(run.Get(reason), expiry.Read(run)), GatewayJson.Default.BanBody);
            using var content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
            var answer = (await run.Gateway.SendAsync(HttpMethod.Put, Route.Of($"/banned/{run.Get(id)}"), content, cancellationToken)).Expect();
            if (run.Json)
            {
                await run.Terminal.WriteJsonAsync(answer.Body, cancellationToken);
                return ExitCode.Ok;
            }

            var ban = answer.Read(GatewayJson.Default.BanAnswer);
            var until = ban.ExpiresAt is { } end ? $" до {Words.Instant(end, run.Terminal.Time)}" : " бессрочно";
            run.Screen.Line($"Товар [bold]{Words.Markup(ban.ProductId)}[/] запрещён{until}{(answer.Status == 201 ? "" : "; прежний запрет заменён")}.");
            return ExitCode.Ok;
        });
    }
}
