using Marketplace.Cli.Banned;
using Marketplace.Cli.Running;

namespace Marketplace.Cli.Tests;

public sealed class BannedTests(GatewayFixture gateway) : CliTest(gateway)
{
    [Fact]
    public async Task A_ban_is_put_shown_listed_and_lifted()
    {
        var id = NewId("ban");
        await SendAsync($$"""{"product_id":"{{id}}","name":"x"}""");
        await UntilAsync(result => result.ExitCode == ExitCode.Ok, "client", "product", id);

        var added = await Cli.RunAsync("banned", "add", id, "--reason", "отозван", "--for", "1d12h");
        added.Out.ShouldStartWith($"Товар {id} запрещён до ");
        (await UntilAsync(result => result.ExitCode == ExitCode.NotFound, "client", "product", id)).ExitCode.ShouldBe(ExitCode.NotFound);
        (await JourneyAsync(id)).Out.ShouldContain($"запрет «{id}»: отозван");
        (await Cli.RunAsync("banned", "add", id)).Out.ShouldBe($"Товар {id} запрещён бессрочно; прежний запрет заменён.\n");

        (await Cli.RunAsync("banned", "get", id, "--json")).Json.GetProperty("product_id").GetString().ShouldBe(id);
        (await Cli.RunAsync("banned", "get", id)).Out.ShouldContain("бессрочно");
        (await Cli.RunAsync("banned", "list", "--limit", "10000")).Out.ShouldContain(id);
        (await Cli.RunAsync("banned", "list", "--limit", "1", "--json")).Json.GetProperty("items").GetArrayLength().ShouldBe(1);

        (await Cli.RunAsync("banned", "remove", id, "--json")).Out.ShouldBe($"{{\"product_id\":\"{id}\",\"status\":\"unbanned\"}}\n");
        (await Cli.RunAsync("banned", "remove", id)).ExitCode.ShouldBe(ExitCode.Ok, "lifting twice is no error");
        (await Cli.RunAsync("banned", "get", id)).ExitCode.ShouldBe(ExitCode.NotFound);
        (await UntilAsync(result => result.ExitCode == ExitCode.Ok, "client", "product", id)).ExitCode.ShouldBe(ExitCode.Ok);
    }

    [Fact]
    public async Task The_end_is_kept_to_the_instant()
    {
        var id = NewId("ban");
        var json = await Cli.RunAsync("banned", "add", id, "--expires-at", "2126-12-31T18:00:00+03:00", "--json");
        json.Json.GetProperty("expires_at").GetDateTimeOffset().ShouldBe(new DateTimeOffset(2126, 12, 31, 15, 0, 0, TimeSpan.Zero));
        var past = await Cli.RunAsync("banned", "add", id, "--expires-at", "2020-01-01");
        past.ExitCode.ShouldBe(ExitCode.Refused);
        past.Error.ShouldContain("expires_at: must be in the future");
    }

    [Theory]
    [InlineData("90s", 90)]
    [InlineData("30m", 1_800)]
    [InlineData("1d12h", 129_600)]
    [InlineData("2w", 1_209_600)]
    [InlineData("0s", null)]
    [InlineData("7", null)]
    [InlineData("d", null)]
    [InlineData("1y", null)]
    [InlineData("99999999999999999999d", null)]
    [InlineData("900000000w", null)]
    [InlineData("-1d", null)]
    public void Durations_are_numbers_with_units(string text, int? seconds)
    {
        ExpiryOptions.TryParse(text, out TimeSpan duration).ShouldBe(seconds is not null);
        if (seconds is { } known)
        {
            duration.ShouldBe(TimeSpan.FromSeconds(known));
        }
    }

    [Theory]
    [InlineData("2026-12-31", "2026-12-31T00:00:00+03:00")]
    [InlineData("2026-12-31T18:00", "2026-12-31T18:00:00+03:00")]
    [InlineData("2026-12-31 18:00:30", "2026-12-31T18:00:30+03:00")]
    [InlineData("2026-12-31T18:00Z", "2026-12-31T18:00:00+00:00")]
    [InlineData("2026-12-31T18:00:00.5-05:00", "2026-12-31T18:00:00.5-05:00")]
    [InlineData("31.12.2026", null)]
    [InlineData("tomorrow", null)]
    public void Instants_without_an_offset_are_local(string text, string? expected)
    {
        var moscow = TimeZoneInfo.CreateCustomTimeZone("Moscow", TimeSpan.FromHours(3), null, null);
        ExpiryOptions.TryParse(text, moscow, out var instant).ShouldBe(expected is not null);
        if (expected is not null)
        {
            instant.ShouldBe(DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture));
        }
    }
}
