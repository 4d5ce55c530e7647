#include "tools/rookery/configs/configs.h"

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "absl/strings/str_cat.h"
#include "coordinator/base/random.h"
#include "coordinator/base/status_macros.h"
#include "tools/rookery/configs/actions.h"
#include "tools/rookery/metadata/tree_reader.h"

namespace rookery::tools::configs {
namespace {

struct Options {
  bool alter = false, describe = false, json = false;
  bool default_entity = false;
  std::vector<std::string> types;
  std::vector<std::string> names;
  std::string add, remove;
};

// Names and defaults belong to the entity types in the order in which they were given.
std::vector<std::optional<std::string>> NamesInOrder(const CLI::App& app, const Options& options) {
  std::vector<std::optional<std::string>> names;
  size_t next = 0;
  for (const CLI::Option* option : app.parse_order()) {
    if (option->get_name() == "--entity-default") names.push_back(std::nullopt);
    if (option->get_name() == "--entity-name" && next < options.names.size()) {
      names.push_back(options.names[next++]);
    }
  }
  return names;
}

// Drawn by the operating system: two users with one password must not share their keys.
std::string DrawSalt() {
  std::string salt;
  for (int i = 0; i < 3; ++i) {
    const uint64_t bits = SeedFromSystem();
    salt.append(reinterpret_cast<const char*>(&bits), sizeof(bits));
  }
  return salt;
}

// A slip of the fingers and a key of a plugin look alike to everybody.
void WarnOfUnknownKeys(const kafka::AlterConfig& command) {
  if (command.entity.parts.front().type != EntityType::kBroker) return;
  for (const std::string& notice : kafka::UnknownBrokerKeys(command.add)) {
    std::cerr << notice << "\n";
  }
}

absl::Status RunAlter(client::BlockingClient& client, const EntityChoice& choice,
                      const Options& options) {
  kafka::AlterConfig command{.entity = choice.Entity(),
                             .remove = ParseDeleteConfig(options.remove)};
  ROOKERY_ASSIGN_OR_RETURN(command.add, ParseAddConfig(options.add));
  ROOKERY_RETURN_IF_ERROR(ReplacePasswords(command.entity, DrawSalt(), &command.add));
  ROOKERY_RETURN_IF_ERROR(Alter(client, command));
  WarnOfUnknownKeys(command);
  if (options.json) {
    boost::json::object object = ConfigJson(command.entity, command.add);
    object["deleted"] = boost::json::array(command.remove.begin(), command.remove.end());
    std::cout << boost::json::serialize(object) << "\n";
  } else {
    std::cout << CompletedText(command.entity) << "\n";
  }
  return absl::OkStatus();
}

absl::Status RunDescribe(client::BlockingClient& client, const EntityChoice& choice,
                         const Options& options) {
  ROOKERY_ASSIGN_OR_RETURN(const std::vector<EntityConfig> configs, Describe(client, choice));
  boost::json::array list;
  for (const auto& [entity, config] : configs) {
    if (options.json) {
      list.push_back(ConfigJson(entity, config));
    } else {
      std::cout << ConfigText(entity, config) << "\n";
    }
  }
  if (options.json) std::cout << boost::json::serialize(list) << "\n";
  return absl::OkStatus();
}

int Usage(absl::string_view message) {
  std::cerr << message << "\n";
  return kExitUsage;
}

int RunConfigs(const GlobalOptions& global, const CLI::App& app, const Options& options) {
  if (options.alter == options.describe) {
    return Usage("Command must include exactly one action: --describe, --alter");
  }
  const auto choice = ParseEntity(options.types, NamesInOrder(app, options));
  if (!choice.ok()) return Usage(choice.status().message());
  if (options.alter && !choice->IsOneEntity()) {
    return Usage(
        "an --entity-name or --entity-default must be given for each --entity-type with "
        "--alter");
  }
  if (options.alter && options.add.empty() && options.remove.empty()) {
    return Usage("At least one of --add-config or --delete-config must be specified with --alter");
  }
  const auto run = [&]() -> absl::Status {
    ROOKERY_ASSIGN_OR_RETURN(const auto client, metadata::Open(global));
    return options.alter ? RunAlter(*client, *choice, options)
                         : RunDescribe(*client, *choice, options);
  };
  const absl::Status status = run();
  if (status.ok()) return kExitOk;
  std::cerr << "Error while executing config command : " << status.message() << "\n";
  return kExitFailed;
}

}  // namespace

Run DefineConfigs(CLI::App& app, const GlobalOptions& global) {
  auto options = std::make_shared<Options>();
  app.add_flag("--alter", options->alter, "set and delete configurations of one entity");
  app.add_flag("--describe", options->describe, "show configurations");
  app.add_option("--entity-type", options->types, "topics, clients, users, brokers or ips")
      ->allow_extra_args(false);
  app.add_option("--entity-name", options->names,
                 "an entity; for users and clients together, one each in the order of their types")
      ->allow_extra_args(false);
  app.add_flag("--entity-default", options->default_entity, "the default entity");
  app.add_option("--add-config", options->add,
                 "k=v,k2=[a,b]; SCRAM-SHA-256=[iterations=8192,password=p]");
  app.add_option("--delete-config", options->remove, "k,k2");
  app.add_flag("--json", options->json, "for programs");
  return [options, &app, &global] { return RunConfigs(global, app, *options); };
}

}  // namespace rookery::tools::configs
