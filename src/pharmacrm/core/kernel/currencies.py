"""The active currencies of ISO 4217 and the number of digits of their minor unit."""

from typing import Final

from pharmacrm.core.kernel.errors import MalformedInput

_BY_DIGITS: Final = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    2: """
        AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD
        CAD CDF CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP
        GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK
        LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO
        NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS
        SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST
        XCD XCG YER ZAR ZMW ZWG
        """,
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}

_DIGITS: Final = {code: digits for digits, codes in _BY_DIGITS.items() for code in codes.split()}


def minor_digits(code: str) -> int:
    """Return how many decimals a currency has: 2 for CNY, 0 for JPY, 3 for KWD.

    Codes are the active ones of ISO 4217 (as of 2026), in capitals. Those without a minor unit (precious
    metals, drawing rights, the codes for tests and for no currency) and withdrawn ones are refused.

    Raises:
        MalformedInput: `money.currency` for anything else, including lower case and subclasses of `str`.

    """
    digits = _DIGITS.get(code) if type(code) is str else None
    if digits is None:
        raise MalformedInput("money.currency", "write an active ISO 4217 code, such as CNY", value=code)
    return digits
