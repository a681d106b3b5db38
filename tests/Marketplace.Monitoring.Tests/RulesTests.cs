using System.Text.RegularExpressions;
using Marketplace.Testing;

namespace Marketplace.Monitoring.Tests;

/// <summary>The files of <c>prometheus/</c>: Prometheus's and Alertmanager's own tools take them, and every alert is tested and explained.</summary>
public sealed partial class RulesTests
{
    private static readonly string Folder = Repository.Path("prometheus");

    [Fact]
    public async Task Promtool_takes_rules_and_configuration()
    {
        var promtool = Tool.Find("promtool", "prometheus");
        await Tool.RunAsync(promtool, Folder, ["check", "rules", .. Files("rules")]);
        await Tool.RunAsync(promtool, Folder, ["check", "config", "prometheus.yml"]);
    }

    [Fact]
    public async Task Every_alert_fires_and_keeps_quiet_where_it_should() =>
        await Tool.RunAsync(Tool.Find("promtool", "prometheus"), Folder, ["test", "rules", .. Files("tests")]);

    [Fact]
    public async Task Amtool_takes_the_configuration_of_alertmanager() =>
        await Tool.RunAsync(Tool.Find("amtool", "prometheus-alertmanager"), Folder, ["check-config", "alertmanager.yml"]);

    [Fact]
    public void Every_alert_has_both_tests()
    {
        var tests = string.Concat(Files("tests").Select(File.ReadAllText));
        foreach (var alert in Alerts().Keys)
        {
            tests.ShouldContain($"- name: {alert} fires\n");
            tests.ShouldContain($"- name: {alert} keeps quiet\n");
        }
    }

    [Fact]
    public void Every_alert_has_a_severity_its_texts_and_a_heading_in_the_runbook()
    {
        var headings = File.ReadAllLines(Path.Combine(Folder, "RUNBOOK.md")).Where(line => line.StartsWith("## ", StringComparison.Ordinal)).Select(line => line[3..]);
        var alerts = Alerts();
        headings.ShouldBe(alerts.Keys, ignoreOrder: true);
        foreach (var (alert, text) in alerts)
        {
            text.ShouldMatch("severity: (critical|warning)", alert);
            text.ShouldContain("summary: ", customMessage: alert);
            text.ShouldContain("description: ", customMessage: alert);
            text.ShouldContain($"runbook_url: RUNBOOK.md#{alert.ToLowerInvariant()}\n", customMessage: alert);
        }
    }

    private static Dictionary<string, string> Alerts() => Files("rules").Select(File.ReadAllText)
        .SelectMany(text => AlertPattern().Matches(text)).ToDictionary(match => match.Groups["name"].Value, match => match.Value);

    private static IEnumerable<string> Files(string folder) => Directory.GetFiles(Path.Combine(Folder, folder), "*.yml").Order(StringComparer.Ordinal);

    [GeneratedRegex(@"- alert: (?<name>\w+)\n(?<rest>        .*\n?)*")]
    private static partial Regex AlertPattern();
}
