#include "coordinator/base/logging.h"

#include <spdlog/async.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <thread>

namespace rookery {
namespace {

// Lines that may wait for the writing thread; beyond it the oldest are dropped, since a log on a
// slow pipe must not stop the server.
constexpr size_t kWaitingLinesMax = 65536;

class SpdlogSink : public LogSink {
 public:
  explicit SpdlogSink(LogLevel level) {
    spdlog::init_thread_pool(kWaitingLinesMax, 1);
    logger_ = std::make_shared<spdlog::async_logger>(
        "rookery", std::make_shared<spdlog::sinks::stderr_sink_mt>(), spdlog::thread_pool(),
        spdlog::async_overflow_policy::overrun_oldest);
    logger_->set_pattern("%Y-%m-%d %H:%M:%S.%e %-5l %v");
    logger_->set_level(Level(level));
    logger_->flush_on(spdlog::level::warn);
  }
  void Write(LogLevel level, absl::string_view text) override {
    logger_->log(Level(level), spdlog::string_view_t(text.data(), text.size()));
  }
  // The logger's own flush only queues one: waits until the thread has taken it, but not for ever.
  void Flush() {
    logger_->flush();
    for (int i = 0; i < 1000 && spdlog::thread_pool()->queue_size() > 0; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  }

 private:
  static spdlog::level::level_enum Level(LogLevel level) {
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
    return spdlog::level::err;
  }
  std::shared_ptr<spdlog::async_logger> logger_;
};

std::atomic<LogSink*> current_sink{nullptr};
std::mutex prefix_mutex;
// Never destroyed: other threads may still log while the process ends.
std::string& Prefix() {
  static auto& prefix = *new std::string;
  return prefix;
}
std::shared_ptr<SpdlogSink>& Started() {
  static auto& started = *new std::shared_ptr<SpdlogSink>;
  return started;
}

}  // namespace

void StartLogging(LogLevel level) {
  Started() = std::make_shared<SpdlogSink>(level);
  SetLogSink(Started().get());
}

void SetLogSink(LogSink* sink) { current_sink = sink; }

void SetLogPrefix(std::string prefix) {
  const std::lock_guard<std::mutex> lock(prefix_mutex);
  Prefix() = std::move(prefix);
}

void FlushLogs() {
  if (Started() != nullptr) Started()->Flush();
}

void Log(LogLevel level, absl::string_view text, std::initializer_list<LogField> fields) {
  LogSink* sink = current_sink;
  if (sink == nullptr) return;
  std::string line;
  {
    const std::lock_guard<std::mutex> lock(prefix_mutex);
    line = Prefix();
  }
  if (!line.empty()) line.push_back(' ');
  line.append(text.data(), text.size());
  for (const LogField& field : fields) {
    const bool quote = field.value.find_first_of(" \"=") != std::string::npos;
    absl::StrAppend(&line, " ", field.key, quote ? "=\"" : "=", field.value, quote ? "\"" : "");
  }
  sink->Write(level, line);
}

}  // namespace rookery
