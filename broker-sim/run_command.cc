// broker-sim run: a scenario, its verdict and its reports.
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <memory>

#include "absl/strings/str_cat.h"
#include "broker-sim/commands.h"
#include "broker-sim/scenario/runner.h"
#include "broker-sim/screen/kept_lines.h"
#include "broker-sim/screen/live_screen.h"
#include "broker-sim/timeline/printed_timeline.h"
#include "coordinator/base/random.h"

namespace rookery::broker_sim {
namespace {

struct Options {
  std::string file;
  std::string servers;
  std::string protocol = "zookeeper";
  std::string rookeryd = RookerydBesideThis();
  std::string json, svg;
  bool quiet = false;
  bool plain = false;
};

absl::Status Write(const std::string& file, const std::string& text) {
  if (file.empty()) return absl::OkStatus();
  std::ofstream out(file);
  out << text;
  out.close();
  return out ? absl::OkStatus() : absl::UnavailableError(absl::StrCat("cannot write ", file));
}

void PrintVerdict(const Recording& recording) {
  std::printf("\n");
  for (const Check& check : recording.checks) {
    std::printf("  %s  %s: %s\n", check.held ? "ok    " : "BROKEN", check.name.c_str(),
                check.detail.c_str());
  }
  if (recording.passed()) {
    std::printf("\nPASS  %s\n", recording.scenario.c_str());
  } else {
    std::printf("\nFAIL  %s: %s\n", recording.scenario.c_str(), recording.reason().c_str());
  }
  std::fflush(stdout);
}

int RunScenario(const Options& options) {
  absl::StatusOr<Scenario> scenario = LoadScenario(options.file);
  if (!scenario.ok()) return Fail(scenario.status());
  const auto protocol = client::ParseProtocol(options.protocol);
  if (!protocol.ok()) return Fail(protocol.status());
  if (!options.servers.empty() && scenario->needs_own_ensemble()) {
    return Fail(absl::InvalidArgumentError(
        absl::StrCat(options.file,
                     " does things to servers that it must have started itself: run "
                     "it without --servers")));
  }
  AsioCore core;
  const bool live = !options.quiet && !options.plain && Terminal::Usable();
  PrintedTimeline printed(PrintedTimeline::Form::kText, &SystemClock(), stdout);
  KeptLines kept(&SystemClock());
  Timeline* timeline = live ? static_cast<Timeline*>(&kept) : &printed;
  std::optional<LiveScreen> screen;
  // Before anything is printed.
  const auto leave_screen = [&screen] {
    if (screen.has_value()) screen->Stop();
  };
  int status = 2;
  {
    Runner runner(*std::move(scenario),
                  {.protocol = *protocol,
                   .servers = options.servers,
                   .rookeryd = options.rookeryd,
                   .seed = SeedFromSystem()},
                  &core, options.quiet ? nullptr : timeline);
    const auto picture = [&] {
      Picture taken = runner.TakePicture();
      taken.events = kept.lines();
      taken.hint = "Ctrl-C ends without a verdict";
      return taken;
    };
    if (live) screen.emplace(&core, &SystemClock(), false, picture);
    // Asked to end: without a verdict, but the servers end with the runner.
    StopOnSignal(&core, [&core] { core.Stop(); });
    core.Post([&] {
      if (live) screen->Start();
      runner.Start([&](const absl::Status& why) {
        leave_screen();
        if (!why.ok()) {
          status = Fail(why);
          return core.Stop();
        }
        const Recording& recording = runner.recording();
        PrintVerdict(recording);
        status = recording.passed() ? 0 : 1;
        for (const absl::Status& written :
             {Write(options.json, ToJson(recording)), Write(options.svg, ToSvg(recording))}) {
          if (!written.ok()) status = Fail(written);
        }
        core.Stop();
      });
    });
    core.Run();
    leave_screen();
  }
  std::fflush(stdout);
  // Threads of gRPC may still run: no destructors behind this.
  _exit(status);
}

int RunCheck(const std::vector<std::string>& files) {
  int status = 0;
  for (const std::string& file : files) {
    const absl::StatusOr<Scenario> scenario = LoadScenario(file);
    if (scenario.ok()) {
      std::printf("%s: ok\n", file.c_str());
    } else {
      status = Fail(scenario.status());
    }
  }
  return status;
}

}  // namespace

Subcommand AddCheck(CLI::App& program) {
  auto files = std::make_shared<std::vector<std::string>>();
  CLI::App* check =
      program.add_subcommand("check", "read scenarios and say what is wrong with them");
  check->add_option("FILES", *files, "scenarios")->required();
  return {check, [files] { return RunCheck(*files); }};
}

Subcommand AddRun(CLI::App& program) {
  auto options = std::make_shared<Options>();
  CLI::App* run = program.add_subcommand(
      "run",
      "run a scenario and judge it: exit status 0 for PASS, 1 for FAIL, 2 without a verdict");
  run->add_option("FILE", options->file, "a scenario, as in broker-sim/scenarios")->required();
  run->add_option("--servers", options->servers,
                  "host:port,...[/chroot]; without it, an ensemble of its own on free ports");
  run->add_option("--protocol", options->protocol, "zookeeper or grpc")->capture_default_str();
  run->add_option("--rookeryd", options->rookeryd, "the program for an ensemble of its own")
      ->capture_default_str();
  run->add_option("--json", options->json, "write the report to this file");
  run->add_option("--svg", options->svg, "draw the timeline into this file");
  run->add_flag("--quiet", options->quiet, "print the verdict only");
  AddPlain(run, &options->plain);
  return {run, [options] { return RunScenario(*options); }};
}

}  // namespace rookery::broker_sim
