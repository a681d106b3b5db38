using System.Text.Json;
using Marketplace.Gateway.Ingestion;
using Marketplace.Gateway.Topics;
using Marketplace.Products.Validation;

namespace Marketplace.Gateway.Client.Events;

/// <summary>What clients did: each <c>event_id</c> is one record, however often it is sent.</summary>
internal sealed class ClientEventRecords(EventAdmission admission) : RecordKind
{
    public const int MaxEventBytes = 64 * 1024;

    public override string Topic => TopicNames.ClientEvents;

    public override JsonEncodedText IdField { get; } = JsonEncodedText.Encode("event_id");

    public override (string One, string Many) Noun => ("event", "events");

    public override int MaxBytes => MaxEventBytes;

    public override IAdmission Admission => admission;

    public override RecordCheck Check(ReadOnlyMemory<byte> json)
    {
        var parsed = EventParser.Parse(json, out var errors);
        return new RecordCheck(parsed.EventId, parsed.Client, errors);
    }

    public override RecordCheck CheckNext(ReadOnlyMemory<byte> json, out int length)
    {
        length = ProductRules.LengthOfValue(json.Span);
        return Check(json[..length]);
    }
}
