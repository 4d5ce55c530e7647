// The clients of a cluster, and what is to be said of them.
#include "broker-sim/cluster/cluster.h"

namespace rookery::broker_sim {

void Cluster::StartClients() {
  for (const auto& [place, member] : members_) {
    if (member.broker->id() >= 0) client_world_.bootstrap.push_back(member.broker->id());
  }
  for (const ProducerSpec& spec : options_.spec.producers) {
    producers_.push_back(std::make_unique<Producer>(spec, &client_world_, timeline_));
    producers_.back()->Start();
  }
  for (const ConsumerSpec& spec : options_.spec.consumers) {
    consumers_.push_back(std::make_unique<Consumer>(spec, &client_world_));
    consumers_.back()->Start();
  }
}

void Cluster::FinishClients() {
  for (const auto& producer : producers_) producer->Finish();
}

bool Cluster::ClientsIdle() const {
  for (const auto& producer : producers_) {
    if (!producer->idle()) return false;
  }
  return true;
}

// The auditor may read whatever the ACLs say: its user is no client's.
void Cluster::StartAudit() {
  for (const auto& producer : producers_) {
    auto& auditor = auditors_[producer->spec().topic];
    if (auditor != nullptr) continue;
    ConsumerSpec spec = {
        .name = "audit", .client_id = "audit", .user = kAuditor, .topic = producer->spec().topic};
    auditor = std::make_unique<Consumer>(std::move(spec), &client_world_);
    auditor->Start();
  }
}

bool Cluster::AuditRead() const {
  for (const auto& [topic, auditor] : auditors_) {
    if (!auditor->caught_up()) return false;
  }
  return true;
}

std::vector<Cluster::ClientReport> Cluster::Reports() const {
  std::vector<ClientReport> reports;
  for (const auto& producer : producers_) {
    ClientReport report;
    report.name = producer->spec().name;
    report.producer = true;
    report.durable = producer->spec().acks_all;
    report.records = static_cast<int64_t>(producer->acknowledged().size());
    report.refused = producer->refused();
    report.throttled_ms = producer->throttled_ms();
    const auto auditor = auditors_.find(producer->spec().topic);
    if (auditor != auditors_.end()) {
      report.audit = Compare(*producer, *auditor->second);
      report.mistakes = auditor->second->mistakes();
    }
    reports.push_back(std::move(report));
  }
  for (const auto& consumer : consumers_) {
    ClientReport report;
    report.name = consumer->spec().name;
    report.records = consumer->consumed();
    report.throttled_ms = consumer->throttled_ms();
    report.mistakes = consumer->mistakes();
    reports.push_back(std::move(report));
  }
  return reports;
}

int64_t Cluster::acknowledged() const {
  int64_t sum = 0;
  for (const auto& producer : producers_) {
    sum += static_cast<int64_t>(producer->acknowledged().size());
  }
  return sum;
}

int64_t Cluster::throttled_ms() const {
  int64_t sum = 0;
  for (const auto& [id, member] : members_) sum += member.broker->throttled_ms();
  return sum;
}

}  // namespace rookery::broker_sim
