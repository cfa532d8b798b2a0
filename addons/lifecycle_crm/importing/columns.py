"""Which column of a file is the customer, the date, the amount."""

import re

REQUIRED_ROLES = ("customer", "date", "amount")
OPTIONAL_ROLES = ("currency", "reference")
ROLES = REQUIRED_ROLES + OPTIONAL_ROLES

# Best first: of two columns that could be the customer, the earlier name wins.
_SYNONYMS = {
    "customer": (
        "customer, customer reference, customer ref, customer id, customer number,"
        "customer no, customer nr, customer code, client, client id, client number,"
        "client no, cust id, partner, partner id, partner ref, account, account id,"
        "account number, buyer, buyer id, contact, contact id, member, member id,"
        "user id, customer email, customer e mail, client email, email, e mail,"
        "email address, billing email, customer name, client name, partner name,"
        "company, company name, name, kunde, kundennummer, kunden nr, kundennr,"
        "numero client, cliente, id cliente, klant, klantnummer,"
        "مشتری, کد مشتری, شماره مشتری, نام مشتری, 客户, 客户编号, 客户代码, 客户名称,"
        "会员, 会员编号"
    ),
    "date": (
        "date, purchase date, order date, invoice date, transaction date, sale date,"
        "sales date, document date, date order, day, purchased at, ordered at,"
        "created at, created on, order created at, processed at, paid at, timestamp,"
        "datetime, date time, datum, bestelldatum, rechnungsdatum, fecha, data,"
        "date de commande, تاریخ, تاریخ خرید, تاریخ سفارش, تاریخ فاکتور, 日期,"
        "订单日期, 购买日期, 交易日期, 下单日期"
    ),
    "amount": (
        "amount, untaxed amount, amount untaxed, net amount, amount net, net,"
        "net total, total net, subtotal, sub total, amount excl tax,"
        "total excl tax, revenue,"
        "net revenue, sales, net sales, value, purchase value, order value,"
        "dollar value, price, total, total amount, amount total, order total, sum,"
        "betrag, nettobetrag, umsatz, montant, montant ht, importe, importo, bedrag,"
        "مبلغ, مبلغ خالص, جمع, 金额, 未税金额, 不含税金额, 销售额, 总额"
    ),
    "currency": (
        "currency, currency code, order currency, ccy, curr, cur, iso currency,"
        "wahrung, währung, devise, moneda, valuta, ارز, واحد پول, 币种, 货币"
    ),
    "reference": (
        "reference, ref, order reference, order ref, order number, order no, order nr,"
        "order id, order, invoice number, invoice no, invoice id, invoice, document,"
        "document number, document no, transaction id, transaction, transaction number,"
        "receipt, receipt number, number, sales order, bestellnummer, auftragsnummer,"
        "rechnungsnummer, belegnummer, numero, شماره سفارش, شماره فاکتور, مرجع,"
        "订单号, 订单编号, 单号, 发票号, 参考"
    ),
}
_RANKS = {
    role: {name.strip(): rank for rank, name in enumerate(names.split(","))}
    for role, names in _SYNONYMS.items()
}


def _normalise(name):
    """
    >>> _normalise(" Order_Date ")
    'order date'
    >>> _normalise("createdAt")
    'created at'
    """
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return re.sub(r"[\W_]+", " ", spaced.casefold()).strip()


def guess_roles(header):
    """The column of each role, by the names in the first line.

    :param list header: names of the columns
    :return: position by role; roles that no name fits are left out

    >>> guess_roles(["Order no.", "E-Mail", "Customer", "Order date", "Net amount"])
    {'customer': 2, 'date': 3, 'amount': 4, 'reference': 0}
    >>> guess_roles(["a", "b"])
    {}
    """
    names = [_normalise(name) for name in header]
    found = {}
    for role in ROLES:
        ranks = _RANKS[role]
        known = [
            (ranks[name], position)
            for position, name in enumerate(names)
            if name in ranks and position not in found.values()
        ]
        if known:
            found[role] = min(known)[1]
    return found
