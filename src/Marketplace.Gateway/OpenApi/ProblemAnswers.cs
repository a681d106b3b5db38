using Marketplace.Gateway.Client.Events;
using Marketplace.Gateway.Hosting.Health;
using Marketplace.Gateway.Shop;

namespace Marketplace.Gateway.OpenApi;

// The shapes of errors, for the OpenAPI document: the errors themselves are written by Problem.

/// <param name="Errors">By field path; <c>$</c> is the whole.</param>
public record ProblemAnswer(string Type, string Title, int Status, string Detail, IReadOnlyDictionary<string, string[]>? Errors);

/// <param name="Results">What was refused, when none of many was taken.</param>
/// <param name="NextIndex">When the log failed midway: all before this index is durable.</param>
public sealed record IngestionProblem(
    string Type, string Title, int Status, string Detail, IReadOnlyDictionary<string, string[]>? Errors,
    long? Accepted, long? Rejected, IReadOnlyList<IngestionResultAnswer>? Results, long? NextIndex)
    : ProblemAnswer(Type, Title, Status, Detail, Errors);

/// <inheritdoc cref="IngestionProblem"/>
public sealed record EventIngestionProblem(
    string Type, string Title, int Status, string Detail, IReadOnlyDictionary<string, string[]>? Errors,
    long? Accepted, long? Duplicates, long? Rejected, IReadOnlyList<EventResultAnswer>? Results, long? NextIndex)
    : ProblemAnswer(Type, Title, Status, Detail, Errors);

public sealed record NotReadyProblem(
    string Type, string Title, int Status, string Detail, IReadOnlyDictionary<string, string[]>? Errors, IReadOnlyList<PartAnswer> Parts)
    : ProblemAnswer(Type, Title, Status, Detail, Errors);
