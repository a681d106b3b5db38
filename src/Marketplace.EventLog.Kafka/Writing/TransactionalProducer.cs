using System.Diagnostics;
using Confluent.Kafka;
using Marketplace.EventLog.Kafka.Clients;
using Marketplace.EventLog.Kafka.Native;
using Marketplace.EventLog.Kafka.Reading;
using Marketplace.EventLog.Kafka.Topics;
using Microsoft.Extensions.Logging;

namespace Marketplace.EventLog.Kafka.Writing;

/// <summary>
/// A transactional producer that is always ready for the next transaction: one that failed is taken back first, a producer
/// that failed for good is made anew. All calls block and come from one thread, except <see cref="Stop"/>.
/// </summary>
internal sealed class TransactionalProducer(string name, KafkaClients clients, KafkaLogOptions options, KafkaFaults faults, CommittedEnds committed, ILogger logger) : IDisposable
{
    private static readonly TimeSpan StepTimeout = TimeSpan.FromSeconds(5);

    private readonly string _resource = $"transactional id '{name}'";
    private NativeProducer? _producer;

    /// <summary>Fits all topics that were written to.</summary>
    private int _batchBytes = KnownTopic.LargestBatch;
    private int _transactions;

    /// <summary>librdkafka does not keep the time-out of sending positions (confluentinc/librdkafka#5456): by twice that it is taken for stuck.</summary>
    private readonly BoundedCalls _positions = new($"positions of {name}", StepTimeout + StepTimeout);

    /// <summary>Begun and not ended.</summary>
    private Transaction? _open;
    private WriterFencedException? _fenced;
    private volatile bool _stopping;

    /// <summary>The last commit failed.</summary>
    private bool _isFailing;

    /// <summary>Opens the producer; earlier ones of the name are fenced when this returns.</summary>
    public void Open()
    {
        var producer = clients.TransactionalProducer(name, _batchBytes);
        try
        {
            producer.InitTransactions(options.DeliveryTimeout);
            _producer = producer;
        }
        catch (KafkaException e)
        {
            producer.Dispose();
            throw Fault(e.Error, _resource, e);
        }
    }

    /// <exception cref="WriterFencedException">A newer writer has the name, or the member has lost a partition.</exception>
    /// <exception cref="LogUnavailableException">Nothing became visible.</exception>
    public RecordPosition[] Commit(AtomicBatch batch, IReadOnlyDictionary<string, KnownTopic> topics, KafkaGroupMember? member)
    {
        for (var started = Stopwatch.GetTimestamp(); ;)
        {
            Prepare(topics);
            try
            {
                using var membership = member is null ? null : _positions.Run(() => Membership.Of(member.Client));
                CheckOwner(batch, member);
                if (membership is { IsCurrent: false })
                {
                    throw new TransactionException(new Error(ErrorCode.IllegalGeneration), $"group '{member!.Group}'");
                }

                _producer!.BeginTransaction();
                var transaction = _open = new Transaction(++_transactions, _producer, batch, topics, options.DeliveryTimeout);
                var positions = transaction.Write();
                SendPositions(batch, member?.Group, membership);
                transaction.WaitForReports();
                Finish(transaction);
                _open = null;
                if (_isFailing)
                {
                    _isFailing = false;
                    KafkaLog.CommitsAgain(logger, name);
                }

                committed.Add(batch, positions);
                return positions;
            }
            catch (TransactionException e) when (member is not null && KafkaFaults.IsStaleGeneration(e.Error) && Stopwatch.GetElapsedTime(started) < StepTimeout && !_stopping)
            {
                // The group moved on while the positions were under way. Still a member as far as is known here: they are sent again with
                // its new generation, and the check above and the coordinator judge anew.
                member.WaitForGeneration();
            }
            catch (TransactionException e)
            {
                throw Fail(e.Error, e.Resource, e.TooLarge, e);
            }
            catch (KafkaException e)
            {
                throw Fail(e.Error, _resource, null, e);
            }
            catch (TimeoutException)
            {
                throw Abandon(member);
            }
            catch (ObjectDisposedException) when (member is not null)
            {
                TryTakeBack(StepTimeout / 5);
                throw new WriterFencedException($"The member of group '{member.Group}' has left it.");
            }
            catch (Exception) when (_open is not null)
            {
                // A derived record could not be made.
                TryTakeBack(StepTimeout);
                throw;
            }
        }
    }

    /// <summary>A commit that waits for the cluster gives up.</summary>
    public void Stop() => _stopping = true;

    public void Dispose()
    {
        _positions.Dispose();
        TryTakeBack(StepTimeout / 5);
        Drop();
    }

    private void Prepare(IReadOnlyDictionary<string, KnownTopic> topics)
    {
        if (_fenced is not null)
        {
            throw new WriterFencedException(_fenced.Message);
        }

        try
        {
            TakeBack(StepTimeout);
        }
        catch (KafkaException e) when (e.Error.IsFatal)
        {
            throw Fail(e.Error, _resource, null, e);
        }
        catch (KafkaException e)
        {
            throw faults.Of(e.Error, "Write", _resource, e);
        }

        foreach (var topic in topics.Values)
        {
            if (topic.BatchBytes < _batchBytes)
            {
                _batchBytes = topic.BatchBytes;
                Drop();
            }
        }

        if (_producer is null)
        {
            Open();
        }
    }

    private static void CheckOwner(AtomicBatch batch, KafkaGroupMember? member)
    {
        if (member is not null && batch.Inputs.FirstOrDefault(input => input.Group == member.Group && !member.Owns(input.Partition)) is { Group: not null } lost)
        {
            throw new WriterFencedException($"The member of group '{member.Group}' does not own {lost.Partition} any more.");
        }
    }

    private void SendPositions(AtomicBatch batch, string? own, Membership? membership)
    {
        foreach (var group in batch.Inputs.GroupBy(input => input.Group, StringComparer.Ordinal))
        {
            using var outside = group.Key == own ? null : Membership.Outside(group.Key);
            var (producer, sender, positions) = (_producer!, outside ?? membership!, group.ToArray());
            for (var started = Stopwatch.GetTimestamp(); _positions.Run(() => GroupOffsets.Send(producer, sender, positions, StepTimeout)) is { } error;)
            {
                // A coordinator that does not answer is asked again, but not until it ends the transaction and with it the writer.
                if (error.Code != ErrorCode.Local_TimedOut || _stopping || Stopwatch.GetElapsedTime(started) > options.TransactionTimeout / 2)
                {
                    throw new TransactionException(error, $"group '{group.Key}'");
                }
            }
        }
    }

    /// <summary>
    /// Ends the transaction. Once that has begun, only the cluster knows how it ended, so it is asked until it answers:
    /// nobody may be told that nothing was written, and write it again, before that is certain.
    /// </summary>
    private void Finish(Transaction transaction)
    {
        while (true)
        {
            try
            {
                _producer!.CommitTransaction(StepTimeout);
                return;
            }
            catch (KafkaRetriableException e) when (!_stopping)
            {
                KafkaLog.CommitUnanswered(logger, name, e.Error.Reason);
            }
            catch (KafkaTxnRequiresAbortException e)
            {
                throw transaction.Failure ?? new TransactionException(e.Error, _resource);
            }
        }
    }

    private Exception Fail(Error error, string resource, RecordTooLargeException? tooLarge, Exception cause)
    {
        // A record's own report says no more than that the client has ended.
        error = _producer?.Fatal ?? error;
        _isFailing = true;
        KafkaLog.CommitFailed(logger, name, error.Reason);
        if (KafkaFaults.IsFenced(error))
        {
            Drop();
            return _fenced = new WriterFencedException($"The writer '{name}' was fenced: a newer one has the name, or it was silent for too long.");
        }

        if (error.IsFatal)
        {
            Drop();
        }
        else
        {
            // At once: an open transaction hides from readers what others write after it.
            TryTakeBack(StepTimeout / 5);
        }

        return tooLarge ?? Fault(error, resource, cause);
    }

    private Exception Fault(Error error, string resource, Exception cause) =>
        error.Code is ErrorCode.UnknownMemberId or ErrorCode.IllegalGeneration or ErrorCode.RebalanceInProgress
            ? new WriterFencedException($"The writer '{name}' commits for a member that its group does not know any more ({error.Reason}).")
            : KafkaFaults.IsFenced(error) ? new WriterFencedException($"The writer '{name}' was fenced while it was opened.")
            : faults.Of(error, error.Code == ErrorCode.GroupAuthorizationFailed ? "Read" : "Write", resource, cause);

    /// <summary>Takes the transaction back if that is possible now; otherwise the next commit does, or the cluster when its time is over.</summary>
    private void TryTakeBack(TimeSpan timeout)
    {
        try
        {
            TakeBack(timeout);
        }
        catch (KafkaException)
        {
        }
    }

    /// <summary>
    /// Takes the open transaction back, if there is one. A record of unknown fate costs the producer: after an abort librdkafka gives
    /// its sequence number to another record, and a broker that has the first takes that one for a repetition and drops it.
    /// A new producer begins a new epoch, and the cluster takes the transaction back for it.
    /// </summary>
    private void TakeBack(TimeSpan timeout)
    {
        if (_open is null)
        {
            return;
        }

        if (_open.IsWritten(timeout))
        {
            _producer!.AbortTransaction(timeout);
            _open = null;
        }
        else
        {
            Drop();
        }
    }

    /// <summary>
    /// Leaves a producer to itself that is stuck in a call: disposing of it would wait for that call. Nobody ends its transaction
    /// but the next producer of the name, so it is certain that nothing of it becomes visible.
    /// </summary>
    private Exception Abandon(KafkaGroupMember? member)
    {
        KafkaLog.CommitStuck(logger, name, _positions.Limit);
        (_producer, _open) = (null, null);
        return member is null
            ? new LogUnavailableException($"The Kafka client of writer '{name}' did not return; it is made anew.")
            : new WriterFencedException($"The Kafka client of writer '{name}' did not return; its member of group '{member.Group}' has to join again.");
    }

    private void Drop()
    {
        _producer?.Dispose();
        (_producer, _open) = (null, null);
    }
}
