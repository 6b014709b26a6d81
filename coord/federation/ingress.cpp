#include "coord/federation/ingress.hpp"

#include "coord/federation/message.hpp"
#include "coord/federation/receipts.hpp"
#include "coord/federation/withdrawal.hpp"
#include "coord/stix/to_incident.hpp"

#include <algorithm>

namespace cresset::coord::federation {
namespace {

/// Kinds that would act on our sensors or our segment: nothing does so without a person.
constexpr std::string_view acting_kinds[] = {"stix:indicator", "stix:course-of-action",
                                             "stix:infrastructure"};

} // namespace

std::pair<disposition, std::string> ingress_gate::judge(const signed_::seal& stated,
                                                        const std::string& body) const {
  if (stated.kind == receipt_kind) {
    if (!read_receipt(body))
      return {disposition::hold, "the receipt cannot be read"};
    return {disposition::take, ""};
  }
  if (stated.kind == withdrawal_kind) {
    const auto told = read_withdrawal(body);
    if (!told || told->id != stated.id)
      return {disposition::hold, "the withdrawal cannot be read"};
    return {disposition::take, ""};
  }
  if (std::find(std::begin(acting_kinds), std::end(acting_kinds), stated.kind) !=
      std::end(acting_kinds))
    return {disposition::hold, "it would act on sensors or our segment: an analyst decides"};
  if (stated.kind != "stix:incident")
    return {disposition::keep, "this server does not know the kind " + stated.kind};
  const auto told = stix::to_incident(body);
  if (!told)
    return {disposition::hold, told.error().sentence};
  if (told->creator != stated.origin)
    return {disposition::hold, "its creator is not its sender"};
  return {disposition::take, ""};
}

void ingress_gate::refill(clock::time_point now) noexcept {
  const auto most = static_cast<double>(allowed_.entries_per_minute);
  if (tokens_ < 0) {
    tokens_ = most;
  } else if (now > filled_) {
    const std::chrono::duration<double, std::ratio<60>> minutes = now - filled_;
    tokens_ = std::min(most, tokens_ + minutes.count() * most);
  }
  filled_ = now;
}

void ingress_gate::accepted(clock::time_point now) noexcept {
  refill(now);
  tokens_ = std::max(0.0, tokens_ - 1);
}

std::uint64_t ingress_gate::credit(clock::time_point now) noexcept {
  refill(now);
  return std::min(credit_limit, static_cast<std::uint64_t>(tokens_));
}

} // namespace cresset::coord::federation
