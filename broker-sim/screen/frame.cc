#include "broker-sim/screen/frame.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"

namespace rookery::broker_sim {
namespace {

struct BrokerCounts {
  int leads = 0, follows = 0, behind = 0;  // partitions
};

// The lines of one part, and how many of them it may lose.
class Part {
 public:
  void Add(std::string text, Style style = Style::kPlain) {
    lines_.push_back({std::move(text), style});
  }
  // At most `most` lines, the last of which counts what is missing.
  void AppendTo(std::vector<ScreenLine>* frame, size_t most, const char* what) const {
    if (lines_.size() <= most) {
      frame->insert(frame->end(), lines_.begin(), lines_.end());
      return;
    }
    if (most == 0) return;
    frame->insert(frame->end(), lines_.begin(),
                  lines_.begin() + static_cast<std::ptrdiff_t>(most - 1));
    frame->push_back(
        {absl::StrCat("  ... and ", lines_.size() - most + 1, " more ", what), Style::kFaint});
  }
  size_t size() const { return lines_.size(); }

 private:
  std::vector<ScreenLine> lines_;
};

std::map<int32_t, BrokerCounts> CountByBroker(const ClusterView& view) {
  std::map<int32_t, BrokerCounts> counts;
  for (const auto& [topic, partitions] : view.topics) {
    for (const auto& [number, partition] : partitions) {
      for (const int32_t id : partition.replicas) {
        const bool leads = partition.state.has_value() && partition.state->leader == id;
        const bool in_sync = partition.state.has_value() &&
                             std::find(partition.state->isr.begin(), partition.state->isr.end(),
                                       id) != partition.state->isr.end();
        BrokerCounts& count = counts[id];
        ++(leads ? count.leads : count.follows);
        count.behind += in_sync ? 0 : 1;
      }
    }
  }
  return counts;
}

std::string Summary(const Picture& picture) {
  const ClusterView::Health health = picture.view.health();
  return absl::StrCat(picture.view.controller.has_value()
                          ? absl::StrCat("controller ", *picture.view.controller, ", epoch ",
                                         picture.view.controller_epoch)
                          : std::string("no controller"),
                      "   ", picture.view.brokers.size(), " brokers registered   ",
                      health.partitions, " partitions: ", health.leaderless, " without a leader, ",
                      health.under_replicated, " not in sync");
}

std::string Servers(const std::vector<ServerState>& servers) {
  std::vector<std::string> words;
  for (size_t i = 0; i < servers.size(); ++i) {
    const char* state = servers[i] == ServerState::kDown     ? "down"
                        : servers[i] == ServerState::kCut    ? "cut off"
                        : servers[i] == ServerState::kLeader ? "leads"
                                                             : "follows";
    words.push_back(absl::StrCat(i + 1, " ", state));
  }
  return absl::StrCat("rookeryd: ", absl::StrJoin(words, ", "));
}

Part Brokers(const Picture& picture) {
  const auto counts = CountByBroker(picture.view);
  std::map<int32_t, std::string> states;  // every broker that is known somehow
  for (const auto& [id, epoch] : picture.view.brokers) states[id] = "up";
  for (const auto& [id, count] : counts) states.try_emplace(id, "gone");
  for (const auto& [id, state] : picture.states) {
    states[id] = state == BrokerState::kDown       ? "down"
                 : state == BrokerState::kPaused   ? "paused"
                 : state == BrokerState::kStarting ? "starting"
                                                   : "up";
  }
  Part part;
  for (const auto& [id, state] : states) {
    const auto count = counts.find(id);
    const BrokerCounts of = count == counts.end() ? BrokerCounts() : count->second;
    const auto rack = picture.racks.find(id);
    const auto throttled = picture.throttled_ms.find(id);
    const bool controls = picture.view.controller == id;
    part.Add(absl::StrFormat(
                 "%6d %-10s %-8s %-8s %7d %9d %8d %11s", id, controls ? "controller" : "", state,
                 rack == picture.racks.end() ? "" : rack->second, of.leads, of.follows, of.behind,
                 throttled == picture.throttled_ms.end() || throttled->second == 0
                     ? ""
                     : absl::StrCat(throttled->second, " ms")),
             state == "down" || state == "gone" ? Style::kBad
             : state != "up" || of.behind > 0   ? Style::kWarning
                                                : Style::kGood);
  }
  return part;
}

Part Clients(const Picture& picture) {
  Part part;
  for (const Picture::Client& client : picture.clients) {
    part.Add(
        absl::StrFormat("%-16s %-9s %9.0f/s %11d%s%s", client.name,
                        client.producer ? "producer" : "consumer", client.per_s, client.records,
                        client.throttled_ms == 0
                            ? ""
                            : absl::StrCat("   throttled ", client.throttled_ms, " ms"),
                        client.refused == 0 ? "" : absl::StrCat("   refused ", client.refused)),
        client.refused > 0 || client.throttled_ms > 0 ? Style::kWarning : Style::kPlain);
  }
  return part;
}

Part Partitions(const Picture& picture) {
  std::vector<std::pair<int, ScreenLine>> lines;  // by how well they are
  for (const auto& [topic, partitions] : picture.view.topics) {
    for (const auto& [number, partition] : partitions) {
      const bool led =
          partition.state.has_value() && picture.view.brokers.contains(partition.state->leader);
      const size_t in_sync = partition.state.has_value() ? partition.state->isr.size() : 0;
      const int rank = !led ? 0 : in_sync < partition.replicas.size() ? 1 : 2;
      const std::string leader = !partition.state.has_value() || partition.state->leader < 0
                                     ? "none"
                                     : absl::StrCat(partition.state->leader);
      std::string text = absl::StrFormat(
          "%-24s leader %-5s in sync %-14s of %s", absl::StrCat(topic, "-", number), leader,
          partition.state.has_value() ? absl::StrJoin(partition.state->isr, ",") : "-",
          absl::StrJoin(partition.replicas, ","));
      lines.emplace_back(rank, ScreenLine{std::move(text), rank == 0   ? Style::kBad
                                                           : rank == 1 ? Style::kWarning
                                                                       : Style::kPlain});
    }
  }
  std::stable_sort(lines.begin(), lines.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  Part part;
  for (auto& [rank, line] : lines) part.Add(std::move(line.text), line.style);
  return part;
}

}  // namespace

std::vector<ScreenLine> DrawFrame(const Picture& picture, int columns, int rows) {
  std::vector<ScreenLine> frame;
  frame.push_back(
      {absl::StrFormat("%s   %.1f s", picture.title, static_cast<double>(picture.elapsed_us) / 1e6),
       Style::kHeading});
  const ClusterView::Health health = picture.view.health();
  frame.push_back({Summary(picture), !picture.view.controller || health.leaderless > 0 ? Style::kBad
                                     : health.under_replicated > 0 ? Style::kWarning
                                                                   : Style::kGood});
  if (!picture.servers.empty()) frame.push_back({Servers(picture.servers)});
  // Headings and what is above take their lines first; of the rest the brokers get up to a half,
  // clients and partitions a quarter of what is left, and events everything behind.
  const auto left = [&] {
    return static_cast<size_t>(std::max<int64_t>(rows - static_cast<int64_t>(frame.size()), 0));
  };
  const Part brokers = Brokers(picture);
  if (left() > 1) {
    frame.push_back({"broker            state    rack       leads   follows   behind   throttled",
                     Style::kHeading});
    brokers.AppendTo(&frame, std::max<size_t>(left() / 2, 1), "brokers");
  }
  const Part clients = Clients(picture);
  if (clients.size() > 0 && left() > 1) {
    frame.push_back({"client                       records    in all", Style::kHeading});
    clients.AppendTo(&frame, std::max<size_t>(left() / 4, 1), "clients");
  }
  const Part partitions = Partitions(picture);
  if (partitions.size() > 0 && left() > 1) {
    frame.push_back({"partitions", Style::kHeading});
    partitions.AppendTo(&frame, std::max<size_t>(left() / 2, 1), "partitions");
  }
  if (left() > 1) {
    frame.push_back({"events", Style::kHeading});
    const size_t room = left() - (picture.hint.empty() ? 0 : 1);
    const size_t shown = std::min(room, picture.events.size());
    for (size_t i = picture.events.size() - shown; i < picture.events.size(); ++i) {
      frame.push_back({picture.events[i]});
    }
  }
  frame.resize(static_cast<size_t>(std::max(rows, 1)));
  if (!picture.hint.empty()) frame.back() = {picture.hint, Style::kFaint};
  for (ScreenLine& line : frame) {
    if (line.text.size() > static_cast<size_t>(columns)) line.text.resize(columns);
  }
  return frame;
}

std::string Encode(const std::vector<ScreenLine>& lines) {
  const auto code = [](Style style) {
    switch (style) {
      case Style::kPlain:
        return "0";
      case Style::kHeading:
        return "1";
      case Style::kGood:
        return "32";
      case Style::kWarning:
        return "33";
      case Style::kBad:
        return "31";
      case Style::kFaint:
        return "2";
    }
    return "0";
  };
  std::string out =
      "\x1b"
      "7";  // saves the cursor
  for (size_t i = 0; i < lines.size(); ++i) {
    absl::StrAppend(&out, "\x1b[", i + 1, ";1H\x1b[", code(lines[i].style), "m", lines[i].text,
                    "\x1b[0m\x1b[K");
  }
  absl::StrAppend(&out,
                  "\x1b"
                  "8");
  return out;
}

}  // namespace rookery::broker_sim
