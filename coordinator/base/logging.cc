#include "coordinator/base/logging.h"

#include <spdlog/async.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <memory>
#include <mutex>

namespace rookery {
namespace {

std::atomic<LogSink*> g_sink = nullptr;
std::mutex g_prefix_mutex;
std::string& Prefix() {
  static auto& prefix = *new std::string();
  return prefix;
}

spdlog::level::level_enum ToSpdlog(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return spdlog::level::debug;
    case LogLevel::kInfo:
      return spdlog::level::info;
    case LogLevel::kWarn:
      return spdlog::level::warn;
    case LogLevel::kError:
      return spdlog::level::err;
  }
  return spdlog::level::info;
}

class SpdlogSink final : public LogSink {
 public:
  explicit SpdlogSink(LogLevel level) {
    // A full queue drops the oldest line rather than halt the server.
    spdlog::init_thread_pool(8192, 1);
    logger_ = std::make_shared<spdlog::async_logger>(
        "rookery", std::make_shared<spdlog::sinks::stderr_sink_mt>(), spdlog::thread_pool(),
        spdlog::async_overflow_policy::overrun_oldest);
    logger_->set_level(ToSpdlog(level));
    logger_->flush_on(spdlog::level::warn);
    logger_->set_pattern("%Y-%m-%d %H:%M:%S,%e %^%-5l%$ %v");
    spdlog::register_logger(logger_);
    spdlog::flush_every(std::chrono::seconds(1));
  }
  void Write(LogLevel level, absl::string_view text) override {
    const auto spdlog_level = ToSpdlog(level);
    if (!logger_->should_log(spdlog_level)) return;
    std::string line;
    {
      const std::lock_guard lock(g_prefix_mutex);
      line = Prefix();
    }
    if (!line.empty()) line.push_back(' ');
    line.append(text.data(), text.size());
    logger_->log(spdlog_level, line);
  }
  void Flush() { logger_->flush(); }

 private:
  std::shared_ptr<spdlog::async_logger> logger_;
};

SpdlogSink* g_spdlog = nullptr;

bool NeedsQuotes(absl::string_view value) {
  return value.empty() || value.find_first_of(" =\"\n") != absl::string_view::npos;
}

}  // namespace

void StartLogging(LogLevel level) {
  if (g_spdlog != nullptr) return;
  g_spdlog = new SpdlogSink(level);
  g_sink = g_spdlog;
  std::atexit([] { spdlog::shutdown(); });
}

void SetLogSink(LogSink* sink) { g_sink = sink; }

void SetLogPrefix(std::string prefix) {
  const std::lock_guard lock(g_prefix_mutex);
  Prefix() = std::move(prefix);
}

void FlushLogs() {
  if (g_spdlog != nullptr) g_spdlog->Flush();
}

void Log(LogLevel level, absl::string_view text, std::initializer_list<LogField> fields) {
  LogSink* const sink = g_sink;
  if (sink == nullptr) return;
  std::string line(text);
  for (const LogField& field : fields) {
    if (NeedsQuotes(field.value)) {
      absl::StrAppend(&line, " ", field.key, "=\"", field.value, "\"");
    } else {
      absl::StrAppend(&line, " ", field.key, "=", field.value);
    }
  }
  sink->Write(level, line);
}

}  // namespace rookery
