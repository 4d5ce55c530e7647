// The picture of a run: what was done above, a lane for each broker and server, and below how the
// cluster and its clients fared.
#include <algorithm>
#include <cmath>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "broker-sim/report/canvas.h"
#include "broker-sim/report/recording.h"

namespace rookery::broker_sim {
namespace {

constexpr double kWidth = 1180, kLeft = 132, kRight = 28, kLane = 22, kLaneGap = 6, kChart = 64,
                 kChartGap = 26, kLabelRow = 16;

constexpr char kSheet[] =
    "text{font:12px system-ui,-apple-system,'Segoe UI',Roboto,sans-serif;fill:#334155}"
    "svg{background:#fbfcfe}.title{font-size:20px;font-weight:650;fill:#0f172a}"
    ".sub{fill:#64748b}.pass{fill:#15803d;font-size:15px;font-weight:700;text-anchor:end}"
    ".fail{fill:#b91c1c;font-size:15px;font-weight:700;text-anchor:end}"
    ".name{text-anchor:end;font-weight:550}.tick{fill:#94a3b8;font-size:11px;text-anchor:middle}"
    ".grid{stroke:#e2e8f0}.lane{fill:#eef2f7}.up{fill:#99d5cf}.starting{fill:#fcd34d}"
    ".paused{fill:#cbd5e1;stroke:#64748b;stroke-dasharray:3 3}.controller{fill:#4f46e5}"
    ".epoch{fill:#fff;font-size:11px;font-weight:600}.leader{fill:#0f766e}.cut{fill:#fdba74}"
    ".fault{stroke:#e11d48;stroke-dasharray:4 3}.done{fill:#be123c;font-weight:600}"
    ".heal{stroke:#16a34a;stroke-dasharray:4 3}.healed{fill:#15803d;font-weight:600}"
    ".bad{fill:#f43f5e;fill-opacity:.75}.warn{fill:#fbbf24;fill-opacity:.55}"
    ".rate{fill:#38bdf8;fill-opacity:.35}.rateline{stroke:#0284c7;fill:none;stroke-width:1.5}"
    ".held{fill:#15803d}.broken{fill:#b91c1c;font-weight:600}.most{fill:#94a3b8;font-size:11px}";

class Picture {
 public:
  explicit Picture(const Recording& recording) : recording_(recording) {}

  std::string Draw() {
    Header();
    const double top = y_;
    Brokers();
    Servers();
    Health();
    Rate();
    Throttle();
    Axis(top);
    Faults();
    Checks();
    return canvas_.Finish(kWidth, y_ + 12, kSheet);
  }

 private:
  double X(int64_t at_us) const {
    const double span = std::max<double>(1, static_cast<double>(recording_.duration_us));
    return kLeft + (kWidth - kLeft - kRight) * static_cast<double>(at_us) / span;
  }
  void Header() {
    const Recording& r = recording_;
    canvas_.Text(24, 34, r.scenario, "title");
    canvas_.Text(kWidth - kRight, 33, r.passed() ? "PASS" : "FAIL", r.passed() ? "pass" : "fail");
    canvas_.Text(24, 54, r.description, "sub");
    // Labels of what was done, in rows so that they do not cover each other.
    double rows_end[6] = {};
    label_row_.clear();
    int rows = 1;
    for (const StepDone& step : r.steps) {
      const double x = X(step.at_us);
      int row = 0;
      while (row < 5 && rows_end[row] > x) ++row;
      rows_end[row] = x + LabelWidth(step) + 14;
      label_row_.push_back(row);
      rows = std::max(rows, row + 1);
    }
    label_top_ = 72;
    y_ = label_top_ + kLabelRow * rows + 10;
  }

  static double LabelWidth(const StepDone& step) {
    return 6.9 * static_cast<double>(step.command.size());
  }

  // Calls `draw(from, to, value)` for each stretch over which `value_of(sample)` stays the same.
  template <typename ValueOf, typename Draw>
  void Stretches(ValueOf value_of, Draw draw) {
    const auto& samples = recording_.samples;
    for (size_t i = 0; i < samples.size();) {
      const auto value = value_of(samples[i]);
      size_t end = i + 1;
      while (end < samples.size() && value_of(samples[end]) == value) ++end;
      const int64_t to = end < samples.size() ? samples[end].at_us
                                              : std::max(recording_.duration_us, samples[i].at_us);
      draw(samples[i].at_us, to, value);
      i = end;
    }
  }

  void Lane(const std::string& name) {
    canvas_.Text(kLeft - 12, y_ + kLane / 2 + 4, name, "name");
    canvas_.Rectangle(kLeft, y_ + kLane / 2 - 1, kWidth - kLeft - kRight, 2, "lane");
  }

  void Brokers() {
    if (recording_.samples.empty()) return;
    for (const auto& [id, first] : recording_.samples.front().brokers) {
      Lane(absl::StrCat("broker ", id));
      Stretches([id = id](const Sample& sample) { return sample.brokers.at(id); },
                [&](int64_t from, int64_t to, BrokerState state) {
                  const char* style = state == BrokerState::kUp         ? "up"
                                      : state == BrokerState::kStarting ? "starting"
                                      : state == BrokerState::kPaused   ? "paused"
                                                                        : nullptr;
                  if (style != nullptr) {
                    canvas_.Rectangle(X(from), y_, X(to) - X(from), kLane, style,
                                      absl::StrCat("broker ", id));
                  }
                });
      Stretches([id = id](const Sample& sample) { return sample.controller == id; },
                [&](int64_t from, int64_t to, bool controls) {
                  if (!controls) return;
                  canvas_.Rectangle(X(from), y_ + 3, X(to) - X(from), kLane - 6, "controller",
                                    "the controller");
                  if (X(to) - X(from) > 70) {
                    canvas_.Text(X(from) + 8, y_ + kLane / 2 + 4, "controller", "epoch");
                  }
                });
      y_ += kLane + kLaneGap;
    }
  }

  void Servers() {
    if (recording_.samples.empty()) return;
    y_ += kLaneGap;
    for (size_t n = 0; n < recording_.samples.front().servers.size(); ++n) {
      Lane(absl::StrCat("rookeryd ", n + 1));
      Stretches([n](const Sample& sample) { return sample.servers[n]; },
                [&](int64_t from, int64_t to, ServerState state) {
                  if (state == ServerState::kDown) return;
                  const char* style = state == ServerState::kLeader ? "leader"
                                      : state == ServerState::kCut  ? "cut"
                                                                    : "up";
                  canvas_.Rectangle(X(from), y_, X(to) - X(from), kLane, style);
                  const char* text = state == ServerState::kLeader ? "leader"
                                     : state == ServerState::kCut  ? "cut off"
                                                                   : nullptr;
                  if (text != nullptr && X(to) - X(from) > 56) {
                    canvas_.Text(X(from) + 8, y_ + kLane / 2 + 4, text,
                                 state == ServerState::kLeader ? "epoch" : "");
                  }
                });
      y_ += kLane + kLaneGap;
    }
  }

  // A chart of what `value_of` says of each sample; leaves y_ below it.
  template <typename ValueOf>
  void Chart(const std::string& name, ValueOf value_of, const char* area, const char* line,
             const char* unit) {
    const double base = y_ + kChartGap + kChart;
    double most = 0;
    for (const Sample& sample : recording_.samples) most = std::max(most, value_of(sample));
    std::vector<std::pair<double, double>> points;
    for (const Sample& sample : recording_.samples) {
      const double height = most == 0 ? 0 : kChart * value_of(sample) / most;
      if (!points.empty()) points.emplace_back(X(sample.at_us), points.back().second);
      points.emplace_back(X(sample.at_us), base - height);
    }
    canvas_.Area(points, base, area);
    if (line != nullptr) canvas_.Path(points, line);
    canvas_.Text(kLeft - 12, base - kChart / 2 + 4, name, "name");
    canvas_.Text(kLeft + 4, base - kChart - 6, absl::StrFormat("most %.0f%s", most, unit), "most");
    canvas_.Line(kLeft, base, kWidth - kRight, base, "grid");
  }

  void Health() {
    const double before = y_;
    int most = 0;
    for (const Sample& sample : recording_.samples) {
      most = std::max({most, sample.under_replicated, sample.leaderless});
    }
    Chart(
        "not in sync", [](const Sample& s) { return 1.0 * s.under_replicated; }, "warn", nullptr,
        " partitions under-replicated");
    // On the same scale, in front: those without a leader.
    const double base = before + kChartGap + kChart;
    std::vector<std::pair<double, double>> points;
    for (const Sample& sample : recording_.samples) {
      const double y = most == 0 ? base : base - kChart * sample.leaderless / most;
      if (!points.empty()) points.emplace_back(X(sample.at_us), points.back().second);
      points.emplace_back(X(sample.at_us), y);
    }
    canvas_.Area(points, base, "bad");
    canvas_.Text(kLeft - 12, base - kChart / 2 + 19, "without leader", "name");
    y_ = base;
  }

  // Growth of a counter per second, over half a second so that single batches do not show.
  template <typename CountOf>
  std::vector<double> PerSecond(CountOf count_of) const {
    constexpr int64_t kWindowUs = 500'000;
    const auto& samples = recording_.samples;
    std::vector<double> rates(samples.size());
    size_t from = 0;
    for (size_t i = 1; i < samples.size(); ++i) {
      while (samples[i].at_us - samples[from].at_us > kWindowUs && from + 1 < i) ++from;
      const double seconds = 1e-6 * static_cast<double>(samples[i].at_us - samples[from].at_us);
      if (seconds > 0) {
        rates[i] = static_cast<double>(count_of(samples[i]) - count_of(samples[from])) / seconds;
      }
    }
    return rates;
  }
  template <typename CountOf>
  void RateChart(const std::string& name, CountOf count_of, const char* unit) {
    if (recording_.samples.empty() || count_of(recording_.samples.back()) == 0) return;
    const std::vector<double> rates = PerSecond(count_of);
    const Sample* first = recording_.samples.data();
    Chart(
        name, [&](const Sample& sample) { return rates[&sample - first]; }, "rate", "rateline",
        unit);
    y_ += kChartGap + kChart;
  }
  void Rate() {
    RateChart("acknowledged", [](const Sample& s) { return s.acknowledged; }, " records/s");
  }
  void Throttle() {
    RateChart("throttled", [](const Sample& s) { return s.throttled_ms; }, " ms told per second");
  }

  void Axis(double top) {
    const double seconds = 1e-6 * static_cast<double>(recording_.duration_us);
    const int step = seconds > 60 ? 10 : seconds > 24 ? 5 : seconds > 12 ? 2 : 1;
    for (int second = 0; second <= static_cast<int>(std::floor(seconds)); second += step) {
      const double x = X(int64_t{1'000'000} * second);
      canvas_.Line(x, top - 4, x, y_ + 4, "grid");
      canvas_.Text(x, y_ + 18, absl::StrCat(second, " s"), "tick");
    }
    y_ += 30;
  }

  void Faults() {
    for (size_t i = 0; i < recording_.steps.size(); ++i) {
      const StepDone& step = recording_.steps[i];
      const double x = X(step.at_us);
      const double y = label_top_ + kLabelRow * label_row_[i];
      const bool mends = absl::StartsWith(step.command, "start") ||
                         absl::StartsWith(step.command, "resume") ||
                         absl::StartsWith(step.command, "heal");
      canvas_.Line(x, y + 4, x, y_ - 26, mends ? "heal" : "fault");
      // At the right edge the label stands in front of its line.
      const double width = LabelWidth(step);
      const bool fits = x + width < kWidth - 8;
      canvas_.Text(fits ? x + 4 : x - width, y + 10, step.command, mends ? "healed" : "done");
    }
  }

  static std::string Shortened(const std::string& text) {
    constexpr size_t kShown = 90;
    return text.size() <= kShown ? text : text.substr(0, kShown - 1) + "…";
  }

  void Checks() {
    for (const Check& check : recording_.checks) {
      canvas_.Text(kLeft, y_ + 12, absl::StrCat(check.held ? "✓ " : "✗ ", check.name),
                   check.held ? "held" : "broken");
      const double name_end = kLeft + 6.6 * static_cast<double>(check.name.size()) + 30;
      canvas_.Text(std::max(kLeft + 330, name_end), y_ + 12, Shortened(check.detail), "sub");
      y_ += 18;
    }
  }

  const Recording& recording_;
  Canvas canvas_;
  double y_ = 0;
  double label_top_ = 0;
  std::vector<int> label_row_;
};

}  // namespace

std::string ToSvg(const Recording& recording) { return Picture(recording).Draw(); }

}  // namespace rookery::broker_sim
