// MetadataService: Kafka's metadata as typed messages, each call handed to what serves its kind.
#pragma once

#include <cstdint>

#include "coordinator/base/random.h"
#include "coordinator/frontend/grpc/pump/unary.h"
#include "coordinator/kafka/journal.h"
#include "rookery/v1/metadata.grpc.pb.h"

namespace rookery::frontend {

class MetadataServiceImpl final : public v1::MetadataService::CallbackService {
 public:
  // `background` reads views and derives events. All pointers outlive the service.
  MetadataServiceImpl(const UnaryContext& door, BackgroundExecutor* background,
                      kafka::MetadataJournal* journal, uint64_t seed)
      : door_(door), background_(background), journal_(journal), random_(seed) {}

  using Call = grpc::CallbackServerContext;
  using Unary = grpc::ServerUnaryReactor;
  Unary* ListBrokers(Call*, const v1::ListBrokersRequest*, v1::ListBrokersResponse*) override;
  Unary* ListTopics(Call*, const v1::ListTopicsRequest*, v1::ListTopicsResponse*) override;
  Unary* DescribeTopics(Call*, const v1::DescribeTopicsRequest*,
                        v1::DescribeTopicsResponse*) override;
  Unary* ListConfigs(Call*, const v1::ListConfigsRequest*, v1::ListConfigsResponse*) override;
  Unary* ListQuotas(Call*, const v1::ListQuotasRequest*, v1::ListQuotasResponse*) override;
  Unary* ListAcls(Call*, const v1::ListAclsRequest*, v1::ListAclsResponse*) override;

  Unary* CreateTopic(Call*, const v1::CreateTopicRequest*, v1::CreateTopicResponse*) override;
  Unary* AddPartitions(Call*, const v1::AddPartitionsRequest*, v1::AddPartitionsResponse*) override;
  Unary* DeleteTopic(Call*, const v1::DeleteTopicRequest*, v1::DeleteTopicResponse*) override;
  Unary* AlterConfig(Call*, const v1::AlterConfigRequest*, v1::AlterConfigResponse*) override;
  Unary* AlterQuota(Call*, const v1::AlterQuotaRequest*, v1::AlterQuotaResponse*) override;
  Unary* AlterAcls(Call*, const v1::AlterAclsRequest*, v1::AlterAclsResponse*) override;
  Unary* ReassignPartitions(Call*, const v1::ReassignPartitionsRequest*,
                            v1::ReassignPartitionsResponse*) override;
  Unary* ElectPreferredLeaders(Call*, const v1::ElectPreferredLeadersRequest*,
                               v1::ElectPreferredLeadersResponse*) override;

  grpc::ServerWriteReactor<v1::ReadClusterResponse>* ReadCluster(
      Call*, const v1::ReadClusterRequest*) override;
  grpc::ServerWriteReactor<v1::WatchMetadataResponse>* WatchMetadata(
      Call*, const v1::WatchMetadataRequest*) override;

 private:
  template <typename Request, typename Response>
  Unary* Read(Call* call, const Request* request, Response* response);
  template <typename Request, typename Response>
  Unary* Write(Call* call, const Request* request, Response* response);

  const UnaryContext door_;
  BackgroundExecutor* const background_;
  kafka::MetadataJournal* const journal_;  // core executor only
  Random random_;                          // core executor only: where new topics are placed
};

}  // namespace rookery::frontend
