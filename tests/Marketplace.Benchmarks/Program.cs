using System.CommandLine;
using System.Globalization;
using Marketplace.Benchmarks.Kafka;
using Marketplace.Benchmarks.Measures;
using Marketplace.Benchmarks.Mirror;
using Marketplace.Benchmarks.Reporting;
using Marketplace.Benchmarks.Run;
using Marketplace.Benchmarks.Search;
using Marketplace.Benchmarks.Servers;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

(string Name, Func<Workbench, CancellationToken, Task> RunAsync)[] measures =
[
    ("post", PostMeasure.RunAsync),
    ("ndjson", IngestionMeasure.RunLinesAsync),
    ("arrays", IngestionMeasure.RunArraysAsync),
    ("filter", FilterMeasure.RunAsync),
    ("freshness", FreshnessMeasure.RunAsync),
    ("metrics", MetricsMeasure.RunAsync),
    ("start", StartMeasure.RunAsync),
    ("relevance", QualityMeasure.RunRelevanceAsync),
    ("known-items", QualityMeasure.RunKnownItemsAsync),
    ("search", SearchMeasure.RunAsync),
    ("events", EventsMeasure.RunAsync),
    ("recommendations", RecommendationMeasure.RunAsync),
    ("model", ModelMeasure.RunAsync),
    ("mirror", MirrorMeasure.RunAsync),
    ("mirror-kafka", KafkaMirrorMeasure.RunAsync),
    ("kafka-produce", KafkaMeasure.RunProduceAsync),
    ("kafka-filter", KafkaMeasure.RunFilterAsync),
    ("kafka-post", KafkaMeasure.RunPostAsync),
];

var what = new Argument<string[]>("what") { Arity = ArgumentArity.OneOrMore, Description = "What to measure." }
    .AcceptOnlyFromAmong([.. measures.Select(m => m.Name), "all"]);
var brief = new Option<bool>("--short") { Description = "Smaller and fewer rounds: to see that it works." };
var seconds = new Option<int?>("--seconds") { Description = "Seconds of load a round." };
var rounds = new Option<int?>("--rounds") { Description = "Rounds, of which the median is taken." };
var products = new Option<int?>("--products") { Description = "Products, in place of each benchmark's own number." };
var work = new Option<string>("--work") { Description = "Folder for data; the disk under it is measured.", DefaultValueFactory = _ => Path.GetTempPath() };
var json = new Option<string?>("--json") { Description = "File to write the figures to." };
var wrk = new Option<bool>("--wrk") { Description = "post: load by wrk instead of the built-in generator." };
var root = new RootCommand("Benchmarks of the gateway, each beside the limit that the machine sets in the same run.") { what, brief, seconds, rounds, products, work, json, wrk };
root.SetAction(async (arguments, cancellationToken) =>
{
    var options = new BenchmarkOptions
    {
        Short = arguments.GetValue(brief),
        Seconds = arguments.GetValue(seconds),
        RoundCount = arguments.GetValue(rounds),
        Products = arguments.GetValue(products),
        Work = arguments.GetValue(work)!,
        Wrk = arguments.GetValue(wrk),
    };
    var report = new Report(Console.Out, Machine.Look(options.Work));
    using var bench = new Workbench(options, report);
    var chosen = arguments.GetValue(what)!;
    foreach (var measure in measures.Where(m => chosen.Contains(m.Name) || chosen.Contains("all")))
    {
        await measure.RunAsync(bench, cancellationToken);
    }

    report.PrintTable();
    if (arguments.GetValue(json) is { } file)
    {
        report.WriteJson(file);
    }
});

var port = new Argument<int>("port");
var serveEmpty = new Command(EmptyServer.Command, "The empty endpoint that post is compared with.") { Hidden = true, Arguments = { port } };
serveEmpty.SetAction((arguments, cancellationToken) => EmptyServer.RunAsync(arguments.GetValue(port), cancellationToken));
root.Subcommands.Add(serveEmpty);

// Long enough for a gateway to stop and the data folders to be removed.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(40) });
