#include "coord/incident/rsit.hpp"

#include <algorithm>
#include <array>

namespace cresset::coord::incident {
namespace {

using text = std::string_view;

constexpr std::array<text, 3> abusive_content{"spam", "harmful-speech", "violence"};
constexpr std::array<text, 4> malicious_code{"infected-system", "c2-server", "malware-distribution",
                                             "malware-configuration"};
constexpr std::array<text, 3> information_gathering{"scanner", "sniffing", "social-engineering"};
constexpr std::array<text, 3> intrusion_attempts{"ids-alert", "brute-force", "exploit"};
constexpr std::array<text, 5> intrusions{"privileged-account-compromise",
                                         "unprivileged-account-compromise",
                                         "application-compromise", "system-compromise", "burglary"};
constexpr std::array<text, 5> availability{"dos", "ddos", "misconfiguration", "sabotage", "outage"};
constexpr std::array<text, 4> information_content_security{"unauthorised-information-access",
                                                           "unauthorised-information-modification",
                                                           "data-loss", "data-leak"};
constexpr std::array<text, 4> fraud{"unauthorised-use-of-resources", "copyright", "masquerade",
                                    "phishing"};
constexpr std::array<text, 5> vulnerable{"weak-crypto", "ddos-amplifier",
                                         "potentially-unwanted-accessible",
                                         "information-disclosure", "vulnerable-system"};
constexpr std::array<text, 2> other{"other", "undetermined"};
constexpr std::array<text, 1> test{"test"};

constexpr std::array<rsit_class, 11> classes{{
    {"abusive-content", abusive_content},
    {"malicious-code", malicious_code},
    {"information-gathering", information_gathering},
    {"intrusion-attempts", intrusion_attempts},
    {"intrusions", intrusions},
    {"availability", availability},
    {"information-content-security", information_content_security},
    {"fraud", fraud},
    {"vulnerable", vulnerable},
    {"other", other},
    {"test", test},
}};

struct category_entry {
  text category;
  text classification;
  text type;
};

// The descriptions of the field's classtypes, as event logs carry them. A nation may edit its own
// table later.
constexpr std::array<category_entry, 21> categories{{
    {"A Network Trojan was detected", "malicious-code", "infected-system"},
    {"Malware Command and Control Activity Detected", "malicious-code", "c2-server"},
    {"Domain Observed Used for C2 Detected", "malicious-code", "c2-server"},
    {"Executable code was detected", "malicious-code", "malware-distribution"},
    {"Exploit Kit Activity Detected", "malicious-code", "malware-distribution"},
    {"Attempted Information Leak", "information-gathering", "scanner"},
    {"Detection of a Network Scan", "information-gathering", "scanner"},
    {"Large Scale Information Leak", "information-content-security", "data-leak"},
    {"Information Leak", "information-content-security", "data-leak"},
    {"Attempted Administrator Privilege Gain", "intrusion-attempts", "exploit"},
    {"Attempted User Privilege Gain", "intrusion-attempts", "exploit"},
    {"Web Application Attack", "intrusion-attempts", "exploit"},
    {"Attempt to login by a default username and password", "intrusion-attempts", "brute-force"},
    {"An attempted login using a suspicious username was detected", "intrusion-attempts",
     "brute-force"},
    {"Successful Administrator Privilege Gain", "intrusions", "privileged-account-compromise"},
    {"Successful User Privilege Gain", "intrusions", "unprivileged-account-compromise"},
    {"Successful Credential Theft Detected", "fraud", "phishing"},
    {"Possible Social Engineering Attempted", "fraud", "phishing"},
    {"Detection of a Denial of Service Attack", "availability", "dos"},
    {"Attempted Denial of Service", "availability", "dos"},
    {"Crypto Currency Mining Activity Detected", "fraud", "unauthorised-use-of-resources"},
}};

} // namespace

std::span<const rsit_class> rsit_classes() noexcept {
  return classes;
}

bool is_known(const rsit& code) noexcept {
  const auto found = std::ranges::find(classes, text{code.classification}, &rsit_class::code);
  if (found == classes.end())
    return false;
  return code.type.empty() ||
         std::ranges::find(found->types, text{code.type}) != found->types.end();
}

rsit rsit_for_category(std::string_view category) {
  const auto found = std::ranges::find(categories, category, &category_entry::category);
  if (found == categories.end())
    return {"other", "undetermined"};
  return {std::string{found->classification}, std::string{found->type}};
}

} // namespace cresset::coord::incident
