#include "coordinator/consensus/log/log_writer.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "coordinator/base/check.h"
#include "coordinator/base/fatal.h"
#include "coordinator/base/plant.h"

namespace rookery::consensus {

LogWriter::LogWriter(Executor* core, BackgroundExecutor* background, LogStore* store,
                     DurableMarkFile* mark, const Clock* clock, const LogContents& first,
                     absl::AnyInvocable<void(uint64_t number)> on_durable)
    : core_(core),
      background_(background),
      store_(store),
      mark_file_(mark),
      clock_(clock),
      on_durable_(std::move(on_durable)),
      mark_{.last_term = first.last_term(),
            .last_index = first.last_index(),
            .term = first.hard_state.term,
            .vote = first.hard_state.vote} {}

LogWriter::~LogWriter() { *alive_ = false; }

void LogWriter::Write(uint64_t number, LogWrite write) {
  ROOKERY_CHECK(number > queue_number_) << "write " << number << " after " << queue_number_;
  queue_.push_back(std::move(write));
  queue_number_ = number;
  if (!writing_) Next();
}

void LogWriter::Trim(uint64_t keep_from) {
  trim_ = keep_from;
  if (!writing_) Next();
}

DurableMark LogWriter::MarkAfter(const std::vector<LogWrite>& writes) {
  for (const LogWrite& write : writes) {
    if (write.position.has_value()) {
      mark_.last_index = write.position->index;
      mark_.last_term = write.position->term;
    }
    if (write.hard_state.has_value()) {
      mark_.term = write.hard_state->term;
      mark_.vote = write.hard_state->vote;
    }
    if (!write.records.empty()) {
      ROOKERY_CHECK(write.records.front().index <= mark_.last_index + 1)
          << "entry " << write.records.front().index << " leaves a hole behind "
          << mark_.last_index;
      mark_.last_index = write.records.back().index;
      mark_.last_term = write.records.back().term;
    }
  }
  return mark_;
}

void LogWriter::Next() {
  if (queue_.empty() && trim_ == 0) return;
  writing_ = true;
  writing_since_us_ = clock_->NowUs();
  std::vector<LogWrite> writes = std::exchange(queue_, {});
  const DurableMark before = mark_;
  syncing_ = !writes.empty();
  const DurableMark mark = MarkAfter(writes);
  if (ROOKERY_PLANTED(kAckBeforeSync)) {
    for (LogWrite& write : writes) write.must_sync = false;
  }
  background_->Run([this, alive = alive_, core = core_, store = store_, mark_file = mark_file_,
                    before, mark, number = queue_number_, trim = std::exchange(trim_, 0),
                    writes = std::move(writes)] {
    if (!writes.empty()) {
      absl::Status status;
      if (mark.EndsBefore(before)) {
        // Term and vote stay: those of this write are not in the log yet.
        status = mark_file->Lower({.last_term = mark.last_term,
                                   .last_index = mark.last_index,
                                   .term = before.term,
                                   .vote = before.vote});
      }
      if (status.ok()) status = store->Write(writes);
      if (status.ok()) status = mark_file->Write(mark);
      // After a failed sync nobody knows what is on the disk: nothing may be acknowledged any more.
      if (!status.ok()) EndProcess(absl::StrCat("the log cannot be written: ", status.message()));
    }
    if (trim != 0) {
      const absl::Status status = store->Trim(trim);
      if (!status.ok()) EndProcess(absl::StrCat("the log cannot be trimmed: ", status.message()));
    }
    core->Post([this, alive, number] {
      if (*alive) OnWritten(number);
    });
  });
}

void LogWriter::OnWritten(uint64_t number) {
  const int64_t took_us = clock_->NowUs() - writing_since_us_;
  usual_write_us_ = (7 * usual_write_us_ + took_us) / 8;
  if (syncing_) write_times_.Add(took_us);
  writing_ = false;
  writing_since_us_ = 0;
  Next();  // before the report, so that the disk does not wait for what the report sets off
  on_durable_(number);
}

}  // namespace rookery::consensus
