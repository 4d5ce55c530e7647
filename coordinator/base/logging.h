// Structured logs: a level, a short text, and key=value fields. The process has one logger, whose
// prefix (server id, state, epoch, zxid) the server keeps current, so that an election reads like
// ZooKeeper's. Thread-safe; asynchronous in production.
//
//   LogInfo("leading", {{"epoch", epoch}, {"voters", 3}});
#pragma once

#include <initializer_list>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace rookery {

enum class LogLevel { kDebug, kInfo, kWarn, kError };

struct LogField {
  LogField(absl::string_view name, const absl::AlphaNum& text) : key(name), value(text.Piece()) {}
  std::string key;
  std::string value;
};

// One sink per process; tests and the simulator may put their own. Null: nothing is written.
class LogSink {
 public:
  virtual ~LogSink() = default;
  virtual void Write(LogLevel level, absl::string_view text) = 0;
};

// Writes lines to standard error, asynchronously; flushed at exit. `level` is the least written.
void StartLogging(LogLevel level);
void SetLogSink(LogSink* sink);
// "[myid:1] [state:LEADING] [epoch:3] [zxid:0x300000007]", put in front of every line.
void SetLogPrefix(std::string prefix);
void FlushLogs();

void Log(LogLevel level, absl::string_view text, std::initializer_list<LogField> fields = {});
inline void LogDebug(absl::string_view t, std::initializer_list<LogField> f = {}) {
  Log(LogLevel::kDebug, t, f);
}
inline void LogInfo(absl::string_view t, std::initializer_list<LogField> f = {}) {
  Log(LogLevel::kInfo, t, f);
}
inline void LogWarn(absl::string_view t, std::initializer_list<LogField> f = {}) {
  Log(LogLevel::kWarn, t, f);
}
inline void LogError(absl::string_view t, std::initializer_list<LogField> f = {}) {
  Log(LogLevel::kError, t, f);
}

}  // namespace rookery
